"""Reads curation: the files beside a document in which a person says what its words amount to.

A curated passage is keyed by paragraph and statement (`at = "36.7"`, a letter behind it where one
statement holds several) and guarded by its first words (`begins`), and by its last (`ends`) where
it stops before the end of the statement or runs on into the next. The words themselves are never
copied by hand: they are cut from the source here, so a change in the text is an error and never a
silent shift. No Django in here.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from recommendations.reading.files.text import fold
from recommendations.reading.reader import read

if TYPE_CHECKING:
    from pathlib import Path

    from recommendations.reading.document import ParsedDocument, ParsedParagraph

AT = re.compile(r"(?P<paragraph>[0-9A-Za-z.]+)\.(?P<statement>\d+)(?P<letter>[a-z]?)$")


class CurationError(Exception):
    """Curation and source disagree. The message names the file and the entry."""


@dataclass(frozen=True, slots=True)
class Passage:
    """Words cut from a paragraph: its number, and the exact words."""

    paragraph: str
    text: str


@dataclass(frozen=True)
class Source:
    """One document as read, with what its curation file says of it.

    `meta` is the file's `[document]` table, `review` its `[review]` table.
    """

    path: Path
    meta: dict[str, Any]
    review: dict[str, Any]
    stakeholders: tuple[dict[str, Any], ...] = ()

    @cached_property
    def parsed(self) -> ParsedDocument:
        """The document as the reader gives it."""
        return read(self.path)

    @cached_property
    def paragraphs(self) -> dict[str, ParsedParagraph]:
        """Its paragraphs by number."""
        return {paragraph.number: paragraph for paragraph in self.parsed.paragraphs}

    @cached_property
    def sha256(self) -> str:
        """Of the file's bytes, in hexadecimal."""
        return hashlib.sha256(self.path.read_bytes()).hexdigest()

    def cut(self, entry: dict[str, Any]) -> Passage:
        """The words that `at`, `begins` and `ends` point to; CurationError if they are not there."""
        at = entry["at"]
        match = AT.match(at)
        if not match:
            raise CurationError(f"{at!r} is not a paragraph and statement, like 36.7")
        paragraph = self.paragraphs.get(match["paragraph"])
        if paragraph is None:
            raise CurationError(f"{at}: the document has no paragraph {match['paragraph']}")
        index = int(match["statement"])
        if not 1 <= index <= len(paragraph.statements):
            raise CurationError(
                f"{at}: paragraph {paragraph.number} has {len(paragraph.statements)} statements"
            )
        start, stop = _span(paragraph, index - 1)
        begin = paragraph.text.find(fold(entry["begins"]), start, stop + len(entry["begins"]))
        if begin < 0 or begin >= stop:
            raise CurationError(f"{at}: statement {index} does not hold the words {entry['begins']!r}")
        if "ends" not in entry:
            return Passage(paragraph.number, paragraph.text[begin:stop])
        ends = fold(entry["ends"])
        end = paragraph.text.find(ends, begin)
        if end < 0:
            raise CurationError(f"{at}: the words {ends!r} do not follow {entry['begins']!r}")
        return Passage(paragraph.number, paragraph.text[begin : end + len(ends)])


def _span(paragraph: ParsedParagraph, index: int) -> tuple[int, int]:
    """Where a statement stands in its paragraph's text: start and stop."""
    start = 0
    for number, statement in enumerate(paragraph.statements):
        start = paragraph.text.index(statement.text, start)
        if number == index:
            break
        start += len(statement.text)
    return start, start + len(paragraph.statements[index].text)


@dataclass
class Curation:
    """Everything the curation files say, file by file, in the order of their names.

    `sources` by document slug. The lists hold the files' tables as they stand, each with `_file`
    (the file's name, for messages) and, where the file belongs to a document, `_source`.
    """

    sources: dict[str, Source] = field(default_factory=dict)
    records: list[dict[str, Any]] = field(default_factory=list)
    responses: list[dict[str, Any]] = field(default_factory=list)
    answers: list[dict[str, Any]] = field(default_factory=list)
    chains: list[dict[str, Any]] = field(default_factory=list)
    follow_up: list[dict[str, Any]] = field(default_factory=list)


LISTS = ("records", "responses", "answers", "chains", "follow_up")
TABLES = {"document", "review", "stakeholders", "recorded_at", *LISTS}


def read_curation(folder: Path) -> Curation:
    """Read every `*.toml` of a folder; a file named like a source belongs to that source."""
    curation = Curation()
    paths = sorted(folder.glob("*.toml"))
    tables = {path: tomllib.loads(path.read_text(encoding="utf-8")) for path in paths}
    of_stem: dict[str, Source] = {}
    for path, table in tables.items():
        if unknown := table.keys() - TABLES:
            raise CurationError(f"{path.name}: unknown table {', '.join(sorted(unknown))}")
        if "document" in table:
            source = Source(
                path=folder / table["document"]["source"],
                meta=table["document"],
                review=table["review"],
                stakeholders=tuple(table.get("stakeholders", ())),
            )
            curation.sources[source.meta["slug"]] = source
            of_stem[source.path.stem] = source
    for path, table in tables.items():
        source_or_none = of_stem.get(path.name.split(".")[0])
        for name in LISTS:
            for entry in table.get(name, ()):
                context = {
                    "_file": path.name,
                    "_source": source_or_none,
                    "_recorded_at": table.get("recorded_at"),
                }
                getattr(curation, name).append(entry | context)
    return curation
