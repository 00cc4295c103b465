"""The tool that compares two records of the site: it sees what a reader would, and nothing else."""

from __future__ import annotations

import datetime
import io

import openpyxl
import pytest
from django.http import HttpResponse
from PIL import Image

from tests.snapshot import addresses, answers, looks
from tests.snapshot.compare import compare

LINE = "nobody GET /recommendations/?q=libel"
PAGE = """<!doctype html><html lang="en"><head><title>Records</title>
<link rel="stylesheet" href="/static/site.css?v=1"><script nonce="abc" src="/static/site.js"></script></head>
<body><main class="page"><h1 id="top">Two records</h1><form method="post">
<input type="hidden" name="csrfmiddlewaretoken" value="random"></form>
<p>One is <a href="/recommendations/A-1/">implemented</a>.</p></main></body></html>"""


def recorded(folder, body, line=LINE, colour=None, **values):
    """A record of one answer, and of one screenshot if it is given a colour."""
    (folder / answers.FOLDER).mkdir(parents=True)
    (folder / answers.LIST).write_text(f"{line}\n")
    told = answers.told(HttpResponse(body, **values), line)
    (folder / answers.FOLDER / answers.file_name(line)).write_bytes(told)
    if colour:
        shot = "nobody 390 light /"
        (folder / looks.FOLDER).mkdir()
        (folder / looks.LIST).write_text(f"{shot}\n")
        picture = Image.new("RGB", (40, 40), "white")
        picture.putpixel((3, 4), colour)
        picture.save(folder / looks.FOLDER / looks.file_name(shot))
    return folder


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("implemented<", "not implemented<"),
        ("/recommendations/A-1/", "/recommendations/A-2/"),
        ("h1", "h2"),
        ("<title>Records", "<title>All records"),
        ('id="top"', 'id="first"'),
        ("One is ", ""),
    ],
)
def test_snapshot_reports_changed_words_links_and_headings(tmp_path, old, new):
    before = recorded(tmp_path / "before", PAGE)
    after = recorded(tmp_path / "after", PAGE.replace(old, new))
    said, number = compare(before, after)
    assert number == 1
    assert said[0] == f"≠ {LINE}"
    assert any(line.startswith("  +") for line in said)
    assert any(line.startswith("  -") for line in said)


def test_snapshot_ignores_markup_hashes_and_tokens(tmp_path):
    other = PAGE.replace('class="page"', 'class="sheet"').replace("?v=1", "?v=2").replace("abc", "def")
    other = other.replace('value="random"', 'value="other"').replace("</h1>", "\n</h1>")
    assert other != PAGE
    said, number = compare(recorded(tmp_path / "before", PAGE), recorded(tmp_path / "after", other))
    assert (said, number) == (["0 of 1 addresses differ, 0 of 0 screenshots."], 0)


def test_snapshot_shows_where_long_lines_differ(tmp_path):
    before = recorded(tmp_path / "before", f"{'x ' * 500}libel{' y' * 500}")
    said, _ = compare(before, recorded(tmp_path / "after", f"{'x ' * 500}defamation{' y' * 500}"))
    shown = [line for line in said if line.startswith(("  -…", "  +…"))]
    assert ["libel" in shown[0], "defamation" in shown[1]] == [True, True]
    assert max(map(len, shown)) < 260


def test_snapshot_compares_data_byte_for_byte(tmp_path):
    before = recorded(tmp_path / "before", b'{"a": 1}', content_type="application/json")
    after = recorded(tmp_path / "after", b'{"a":1}', content_type="application/json")
    assert compare(before, after)[1] == 1


def test_snapshot_reports_status_and_address_asked_no_more(tmp_path):
    before = recorded(tmp_path / "before", PAGE)
    said, number = compare(before, recorded(tmp_path / "gone", PAGE, status=404))
    assert (said[1:3], number) == (["  @@ -1,3 +1,3 @@", f"   {LINE}"], 1)
    assert "  +Status: 404" in said
    said, number = compare(before, recorded(tmp_path / "other", PAGE, line="nobody GET /"))
    assert (said[:2], number) == ([f"≠ only before: {LINE}", "≠ only after: nobody GET /"], 2)


def test_snapshot_reads_workbooks_as_cells():
    def book(created, value):
        made = openpyxl.Workbook()
        made.properties.created = created
        made.active.append([value, 2])
        saved = io.BytesIO()
        made.save(saved)
        return answers.told(HttpResponse(saved.getvalue(), content_type=answers.XLSX), LINE)

    days = datetime.datetime(2026, 1, 1), datetime.datetime(2026, 2, 2)  # noqa: DTZ001 (as workbooks have it)
    assert book(days[0], "libel") == book(days[1], "libel")
    assert book(days[0], "libel") != book(days[0], "defamation")
    assert b'["libel", 2]' in book(days[0], "libel")


def test_snapshot_reports_pixels_and_draws_them(tmp_path):
    before = recorded(tmp_path / "before", PAGE, colour=(0, 0, 0))
    assert compare(before, recorded(tmp_path / "same", PAGE, colour=(1, 1, 1)))[1] == 0
    after = recorded(tmp_path / "after", PAGE, colour=(68, 68, 68))
    said, number = compare(before, after)
    assert number == 1
    assert said[0].startswith("≠ nobody 390 light /: 1 pixels differ within (3, 4, 4, 5)")
    assert compare(before, after, pixels=1)[1] == 0
    (drawn,) = (after / "differences").iterdir()
    assert Image.open(drawn).convert("RGB").getpixel((3, 4)) == (255, 0, 0)


def test_snapshot_asks_about_every_public_pattern():
    assert "methodology/" in addresses.not_asked(["/", "/data/"])
    assert "methodology/" not in addresses.not_asked(["/methodology/"])
