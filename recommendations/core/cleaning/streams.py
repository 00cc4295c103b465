"""Strip metadata from images inside PDF files without recompressing them."""

from __future__ import annotations

import struct

from recommendations.core.cleaning.reasons import Reason, UncleanError

# JFIF and Adobe segments are kept: decoders need them to read the colours correctly.
_JFIF = b"JFIF\x00"
_ADOBE = b"Adobe"
_ALONE = {0x01, *range(0xD0, 0xD8)}  # markers without a length
_START, _END, _SCAN, _COMMENT = 0xD8, 0xD9, 0xDA, 0xFE
# JPEG 2000 boxes that hold metadata: XML and data of other programs.
_WORDS_2000 = {b"xml ", b"uuid", b"uinf", b"asoc", b"jp2i"}


def clean_jpeg(data: bytes) -> bytes:
    """Return the JPEG without EXIF, XMP, profiles, comments, thumbnails and data after its end.

    Raises UncleanError if the markers are broken.
    """
    if data[:2] != b"\xff\xd8":
        raise UncleanError(Reason.BROKEN)
    pieces, at = [data[:2]], 2
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            raise UncleanError(Reason.BROKEN)
        marker = data[at + 1]
        if marker == 0xFF:  # padding
            at += 1
            continue
        if marker == _END:
            break
        if marker in _ALONE:
            pieces.append(data[at : at + 2])
            at += 2
            continue
        (length,) = struct.unpack(">H", data[at + 2 : at + 4])
        after = at + 2 + length
        if marker == _SCAN:
            after = _end_of_scan(data, after)
        segment = _segment(marker, data[at:after])
        if length < 2:
            raise UncleanError(Reason.BROKEN)
        pieces.append(segment)
        at = after
    return b"".join([*pieces, b"\xff\xd9"])


def _segment(marker: int, segment: bytes) -> bytes:
    """Return the part of a segment that is kept, empty if none."""
    body = segment[4:]
    if marker == 0xE0 and body.startswith(_JFIF) and len(body) >= 14:
        # The last two bytes are the size of the thumbnail that follows; it is dropped.
        return b"\xff\xe0" + struct.pack(">H", 16) + body[:12] + b"\x00\x00"
    if marker == 0xEE and body.startswith(_ADOBE):
        return b"\xff\xee" + struct.pack(">H", 14) + body[:12]
    if 0xE0 <= marker <= 0xEF or marker == _COMMENT:
        return b""
    return segment


def _end_of_scan(data: bytes, at: int) -> int:
    """Return the position of the next marker that is not part of the coded image."""
    while True:
        at = data.find(b"\xff", at)
        if at < 0 or at + 1 >= len(data):
            return len(data)
        if data[at + 1] != 0 and data[at + 1] not in _ALONE and data[at + 1] != 0xFF:
            return at
        at += 1 if data[at + 1] == 0xFF else 2


def clean_jpeg_2000(data: bytes) -> bytes:
    """Return the JPEG 2000 without metadata boxes; a bare code stream is returned unchanged.

    Raises UncleanError for an invalid box length.
    """
    if data[4:8] != b"jP  ":
        return data
    pieces, at = [], 0
    while at + 8 <= len(data):
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        if length == 1 and at + 16 <= len(data):
            (length,) = struct.unpack(">Q", data[at + 8 : at + 16])
        elif length == 0:
            length = len(data) - at
        if length < 8:
            raise UncleanError(Reason.BROKEN)
        if kind not in _WORDS_2000:
            pieces.append(data[at : at + length])
        at += length
    return b"".join(pieces)
