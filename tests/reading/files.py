"""Makes small files of each type that the reader takes."""

from __future__ import annotations

import hashlib
import io
import zipfile
from html import escape

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def make_pdf(pages: list[list[list[tuple[str, int]]]]) -> bytes:
    """A PDF of pages, lines and runs; a run is its text and type size, small type raised. ASCII."""
    objects: list[bytes] = [b"<< /Type /Catalog /Pages 2 0 R >>", b""]
    objects.append(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    kids = []
    for lines in pages:
        drawn = []
        for row, runs in enumerate(lines):
            drawn.append(f"BT 1 0 0 1 60 {780 - 20 * row} Tm")
            drawn += [f"/F1 {size} Tf {4 if size < 8 else 0} Ts ({_escaped(text)}) Tj" for text, size in runs]
            drawn.append("ET")
        stream = "\n".join(drawn).encode()
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 820] /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R >> >> >>" % len(objects)
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(kids), b" ".join(kids))
    out = io.BytesIO(b"%PDF-1.4\n")
    out.seek(0, io.SEEK_END)
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, content))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.write(b"".join(b"%010d 00000 n \n" % place for place in places))
    out.write(b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start))
    return out.getvalue()


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def make_docx(
    paragraphs: list[str],
    notes: list[str] | None = None,
    *,
    body: str = "",
    method: int = zipfile.ZIP_DEFLATED,
    parts: dict[str, str] | None = None,
) -> bytes:
    """A Word document; "^" in a paragraph stands for an endnote's reference.

    `body` is XML, as it is; `parts` are further parts of the archive.
    """
    body += "".join(
        "<w:p>"
        + '<w:r><w:endnoteReference w:id="1"/></w:r>'.join(
            f'<w:r><w:t xml:space="preserve">{escape(part)}</w:t></w:r>' for part in paragraph.split("^")
        )
        + "</w:p>"
        for paragraph in paragraphs
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        archive.writestr(
            "word/document.xml", f'<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>'
        )
        if notes:
            texts = "".join(
                f"<w:endnote>{''.join(_paragraph(line) for line in note.splitlines())}</w:endnote>"
                for note in notes
            )
            archive.writestr("word/endnotes.xml", f'<w:endnotes xmlns:w="{WORD}">{texts}</w:endnotes>')
        for name, content in (parts or {}).items():
            archive.writestr(name, content)
    return out.getvalue()


def make_locked_pdf(password: bytes = b"secret") -> bytes:
    """A PDF that opens with a password only (standard security handler, revision 2, 40 bits)."""
    padding = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")
    padded = (password + padding)[:32]
    identity = b"0123456789abcdef"
    owner = _rc4(hashlib.md5(padded).digest()[:5], padded)  # noqa: S324
    permissions = (-4).to_bytes(4, "little", signed=True)
    key = hashlib.md5(padded + owner + permissions + identity).digest()[:5]  # noqa: S324
    lock = b"<< /Filter /Standard /V 1 /R 2 /P -4 /O <%s> /U <%s> >>" % (
        owner.hex().encode(),
        _rc4(key, padding).hex().encode(),
    )
    plain = make_pdf([[[("1. AI noted it.", 10)]]])
    trailer = b"/Encrypt %s /ID [<%s> <%s>] /Root" % (lock, identity.hex().encode(), identity.hex().encode())
    return plain.replace(b"/Root", trailer, 1)


def _rc4(key: bytes, data: bytes) -> bytes:
    state = list(range(256))
    j = 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    out = bytearray()
    i = j = 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)


def make_table(*rows: list[str]) -> str:
    """The XML of a Word table: rows of cells of paragraphs, one paragraph a line of the cell's text."""
    cells = (
        "".join(f"<w:tc>{''.join(_paragraph(line) for line in cell.splitlines())}</w:tc>" for cell in row)
        for row in rows
    )
    return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in cells) + "</w:tbl>"


def header(text: str) -> str:
    """A page header of a Word document, as a part of it."""
    return f'<w:hdr xmlns:w="{WORD}">{_paragraph(text)}</w:hdr>'


def _paragraph(text: str) -> str:
    return f'<w:p><w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'
