"""A file is known by its content, said to be known already, or refused in one sentence."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.conf import settings as django_settings

from recommendations.importing import files
from recommendations.importing.errors import RefusedError
from recommendations.models import Import
from tests import make
from tests.importing.helpers import HOME, TEXT, upload, worked_on

pytestmark = pytest.mark.django_db


def packed(*names: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name in names:
            archive.writestr(name, "x" * 50)
    return held.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500
CSV = "State,Session,Text\nFRE,7,Abolish it\nFRE,7,Ratify it\n"
KNOWN = [
    (b"%PDF-1.7\n...", "document", "PDF"),
    (packed("[Content_Types].xml", "word/document.xml"), "document", "DOCX"),
    (packed("[Content_Types].xml", "xl/workbook.xml"), "table", "XLSX"),
    (OLE + "Workbook".encode("utf-16-le"), "table", "XLS"),
    (b'[{"Text": "x"}]', "table", "JSON"),
    (CSV.encode(), "table", "CSV"),
    (CSV.replace(",", ";").encode("cp1252"), "table", "CSV"),
    (CSV.replace(",", "\t").encode("utf-16"), "table", "CSV"),
    (b"<!doctype html><p>Words", "document", "HTML"),
    (TEXT.encode(), "document", "text"),
    (b"One, two, three.\nFour, five, and six.\nAnd a line.\n", "document", "text"),
]
REFUSED = [
    (b"", "empty"),
    (b"  \n ", "empty"),
    (b"\x89PNG\r\n\x1a\n...", "picture"),
    (b"{\\rtf1 Words", "RTF"),
    (OLE + "WordDocument".encode("utf-16-le"), "Old Word files"),
    (OLE + "EncryptedPackage".encode("utf-16-le"), "password"),
    (OLE, "not known"),
    (packed("word/document.xml", "word/vbaProject.bin"), "macros"),
    (packed("a.txt"), "packed file"),
    (b"\x00\x01\x02\x03" * 50, "not known"),
]


@pytest.mark.parametrize(("content", "what", "name"), KNOWN)
def test_file_type_is_recognised_by_content(content: bytes, what: str, name: str) -> None:
    known = files.what_is(io.BytesIO(content))
    assert (known.what, known.type) == (what, name)


@pytest.mark.parametrize(("content", "why"), REFUSED)
def test_unknown_file_is_refused_in_one_sentence(content: bytes, why: str) -> None:
    with pytest.raises(RefusedError, match=why) as refusal:
        files.what_is(io.BytesIO(content))
    assert str(refusal.value).count(". ") == 0


def test_upload_waits_for_worker_and_is_stored_without_name(desk, editor) -> None:
    answer = upload(desk, TEXT, "../../secret plans.txt")
    source = Import.objects.get()
    assert answer.headers["Location"] == source.get_absolute_url()
    assert (source.state, source.filename, source.made_by) == ("waiting", "secret plans.txt", editor)
    assert "secret" not in source.file.name
    assert "The file is being read." in desk.get(source.get_absolute_url()).text
    assert worked_on(source).state == "ready"
    assert source.drafts.count() == 4


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02\x03", packed("a.txt")])
def test_a_refused_upload_leaves_nothing(desk, tmp_path, content: bytes) -> None:
    answer = upload(desk, content)
    assert answer.status_code == 200
    assert answer.context["form"].errors["file"]
    assert not Import.objects.exists()
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_upload_above_import_limit_is_refused(desk, settings) -> None:
    settings.IMPORT_MAX_MB = 1
    answer = upload(desk, b"word " * 800_000)
    assert "larger than" in answer.context["form"].errors["file"][0]
    # What is evidence elsewhere keeps its own, smaller limit.
    assert django_settings.UPLOAD_MAX_MB == 20


def test_only_editors_may_upload_beyond_evidence_limit(client, settings) -> None:
    settings.UPLOAD_MAX_MB, settings.IMPORT_MAX_MB = 1, 5
    client.force_login(make.make_user("contributor"))
    assert upload(client, b"word " * 800_000).status_code == 403
    client.force_login(make.make_user("editor"))
    assert upload(client, b"word " * 800_000).status_code == 302


def test_same_file_leads_to_earlier_import(desk) -> None:
    upload(desk, TEXT, "one.txt")
    source = Import.objects.get()
    answer = upload(desk, TEXT, "two.txt")
    assert answer.headers["Location"] == source.get_absolute_url()
    assert "This very file was brought in before, as one.txt" in desk.get(source.get_absolute_url()).text
    assert Import.objects.count() == 1
    # What was given up may come again.
    worked_on(source)
    desk.post(source.get_absolute_url(), {"act": "discard", "confirmed": "yes"})
    upload(desk, TEXT, "three.txt")
    assert Import.objects.count() == 2


def test_discarding_needs_confirmation(desk) -> None:
    upload(desk, TEXT)
    source = worked_on(Import.objects.get())
    desk.post(source.get_absolute_url(), {"act": "discard"})
    source.refresh_from_db()
    assert source.state == "ready"
    desk.post(source.get_absolute_url(), {"act": "discard", "confirmed": "yes"})
    source.refresh_from_db()
    assert (source.state, source.file.name, source.drafts.count()) == ("discarded", "", 0)


def test_unreadable_document_says_why_and_accepts_another_kind(desk) -> None:
    upload(desk, "A letter about the weather in spring, to a friend who is far away.\n" * 20)
    source = worked_on(Import.objects.get())
    assert source.state == "refused"
    page = desk.get(source.get_absolute_url()).text
    assert source.message in page.replace("&#x27;", "'")
    desk.post(source.get_absolute_url(), {"act": "read", "what": "document", "kind": "stakeholder_summary"})
    source.refresh_from_db()
    assert (source.state, source.options["kind"]) == ("waiting", "stakeholder_summary")
    desk.post(source.get_absolute_url(), {"act": "read", "what": "document", "kind": "nonsense"})
    assert worked_on(source).state == "refused"


def test_import_list_takes_fixed_number_of_queries(desk, django_assert_num_queries) -> None:
    upload(desk, TEXT)
    desk.get(HOME)
    # Session, user, groups, rights, organisations, second factor; count; rows.
    with django_assert_num_queries(8):
        desk.get(HOME)
    upload(desk, TEXT + "\n4. Known Watch (KW) recommended that Kyrgyzstan do more.\n")
    with django_assert_num_queries(8):
        assert desk.get(HOME).text.count("file.txt") == 4
