"""What an address answers, as text to be compared: a few lines about it, an empty line, and what it holds."""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from typing import TYPE_CHECKING, Any

from tests.snapshot.pages import lines_of
from tests.snapshot.world import client_of, fixed

if TYPE_CHECKING:
    from pathlib import Path

    from django.http import HttpResponseBase
    from django.test import Client

LIST, FOLDER = "addresses.txt", "answers"
# Said otherwise (cookies, whether there is an ETag), of the day, or of the markup and not of what is read.
LEFT_OUT = frozenset(["Content-Length", "Date", "ETag", "Expires", "Set-Cookie"])
HTML, XLSX = "text/html", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def record(folder: Path, lines: list[str]) -> list[str]:
    """Ask all, and write down the list and each answer. Returns those at which the site failed."""
    failed = []
    (folder / LIST).write_text("\n".join(lines) + "\n")
    (folder / FOLDER).mkdir()
    clients: dict[str, Client] = {}
    for line in lines:
        who, how, address = line.split(" ", 2)
        client = clients.setdefault(who, client_of(who))
        fixed.begin(line)
        response = client.generic(how, address)
        (folder / FOLDER / file_name(line)).write_bytes(told(response, line))
        if response.status_code >= 500:
            failed.append(line)
    return failed


def file_name(line: str) -> str:
    """A file name of which one sees what was asked."""
    readable = re.sub(r"[^a-zA-Z0-9.=-]+", "_", line.split(" ", 2)[2]).strip("_")[:80]
    who = line.split(" ", 1)[0]
    return f"{who}-{readable or 'overview'}-{hashlib.sha256(line.encode()).hexdigest()[:8]}.txt"


def told(response: HttpResponseBase, line: str) -> bytes:
    """All that an answer says."""
    above = [line, f"Status: {response.status_code}"]
    above += sorted(
        f"{name}: {in_order(name, value)}" for name, value in response.items() if name not in LEFT_OUT
    )
    above.append(f"ETag: {'yes' if response.has_header('ETag') else 'no'}")
    above.append(f"Cookies: {' '.join(sorted(response.cookies))}")
    content = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]  # the test client's answers have it
    return "\n".join(above).encode() + b"\n\n" + held(content, response.headers.get("Content-Type", ""))


def in_order(name: str, value: str) -> str:
    """A header's value; the parts of the security policy stand in any order."""
    return "; ".join(sorted(value.split("; "))) if name == "Content-Security-Policy" else value


def held(content: bytes, kind: str) -> bytes:
    """A page's lines, a workbook's cells, the files of an archive; everything else as it is."""
    if kind.startswith(HTML):
        return "\n".join(lines_of(content.decode())).encode() if content else b""
    if kind.startswith(XLSX):
        return "\n".join(cells(content)).encode()
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
            return b"\n".join(f"== {name} ==\n".encode() + archive.read(name) for name in names)
    return content


def cells(content: bytes) -> list[str]:
    """Each sheet's rows, and where its cells lead."""
    import openpyxl

    found: list[str] = []
    for sheet in openpyxl.load_workbook(io.BytesIO(content)):
        found.append(f"== {sheet.title} ==")
        found += (json.dumps([plain(cell) for cell in row], ensure_ascii=False) for row in sheet.iter_rows())
    return found


def plain(cell: Any) -> Any:
    """A cell's value, with its kind where JSON does not tell."""
    value = (
        cell.value if cell.value is None or isinstance(cell.value, (str, int, float)) else repr(cell.value)
    )
    return [value, cell.hyperlink.target or cell.hyperlink.location] if cell.hyperlink else value
