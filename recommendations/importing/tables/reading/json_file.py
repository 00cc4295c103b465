"""JSON: one list of objects, read piece by piece, so that a long one is taken at constant memory."""

from __future__ import annotations

import codecs
import json
from itertools import chain, islice
from json.decoder import JSONDecoder
from typing import IO, TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from recommendations.importing.errors import RefusedError
from recommendations.importing.tables.reading.table import COLUMNS_MAX, Row, Table, headed, too_many_columns

if TYPE_CHECKING:
    from collections.abc import Iterator

BLOCK = 1 << 18
# Characters of one object: the longest of the United Nations' index have some ten thousand.
OBJECT_MAX = 4_000_000
# Objects that are asked for their keys.
SAMPLE = 200
SPACE = " \t\r\n"


def read_json(file: IO[bytes], size: int) -> Table:
    """The objects of a list as rows; their keys are the headings."""
    objects = Objects(file)
    found = iter(objects)
    first = list(islice(found, SAMPLE))
    if not first:
        raise RefusedError(_("The file has no rows: its list is empty."))
    keys = list(dict.fromkeys(key for one in first for key in one))
    if len(keys) > COLUMNS_MAX:
        raise too_many_columns()
    headings = headed(list(keys))

    def rows() -> Iterator[Row]:
        for number, one in enumerate(chain(first, found), start=1):
            yield number, [plain(one.get(key)) for key in keys]

    def share() -> float:
        return min(objects.read / size, 1.0) if size else 1.0

    return Table("JSON", headings, rows(), _("the first items of the list"), share)


def plain(value: Any) -> Any:
    """A value as a cell: text, number, or a list of those."""
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list):
        return [
            json.dumps(one, ensure_ascii=False) if isinstance(one, (dict, list)) else one for one in value
        ]
    return value


class Objects:
    """The objects of the one list in a file, one at a time."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.decode = codecs.getincrementaldecoder("utf-8-sig")().decode
        self.scan = JSONDecoder().raw_decode
        self.buffer, self.at, self.read, self.number, self.ended = "", 0, 0, 0, False

    def more(self) -> bool:
        """Read another block; false at the end of the file."""
        if self.ended:
            return False
        block = self.file.read(BLOCK)
        self.read += len(block)
        self.ended = not block
        try:
            text = self.decode(block, final=self.ended)
        except UnicodeDecodeError:
            raise RefusedError(_("The JSON file is not in UTF-8.")) from None
        self.buffer, self.at = self.buffer[self.at :] + text, 0
        return not self.ended

    def next(self) -> str:
        """The next character that is not white space, not taken yet; empty at the end."""
        while True:
            while self.at < len(self.buffer):
                if self.buffer[self.at] not in SPACE:
                    return self.buffer[self.at]
                self.at += 1
            if not self.more():
                return ""

    def broken(self) -> RefusedError:
        if not self.next():
            return RefusedError(
                _("The JSON file breaks off after item {number}; fetch it again.").format(number=self.number)
            )
        return RefusedError(_("The JSON is broken after item {number}.").format(number=self.number))

    def __iter__(self) -> Iterator[dict[str, Any]]:
        if self.next() != "[":
            raise RefusedError(_("The JSON file should hold one list of objects, and begin with “[”."))
        self.at += 1
        if self.next() == "]":
            return
        while True:
            yield self.object()
            character = self.next()
            self.at += 1
            if character == "]":
                break
            if character != ",":
                self.at -= 1
                raise self.broken()
        if self.next():
            raise self.broken()

    def object(self) -> dict[str, Any]:
        """The object that begins here."""
        if self.next() != "{":
            raise self.broken()
        block = BLOCK
        while True:
            try:
                found, self.at = self.scan(self.buffer, self.at)
            except json.JSONDecodeError:
                wanted = len(self.buffer) - self.at + block
                if wanted > OBJECT_MAX or not self.more():
                    self.at = min(self.at, len(self.buffer))
                    if self.ended:
                        self.at = len(self.buffer)
                    raise self.broken() from None
                # Twice as much each time, so that a long object is not tried again and again.
                while len(self.buffer) < wanted and self.more():
                    pass
                block *= 2
            except (ValueError, RecursionError):
                raise self.broken() from None
            else:
                self.number += 1
                return found  # type: ignore[no-any-return]  # the scanner was given an object
