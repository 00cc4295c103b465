"""How well the reader reads: its statements against sets that people annotated.

`python -m tests.reading_quality` prints one row a document. An annotated statement is found by a few of its
words in its paragraph; one that is not found in exactly one statement counts as read wrongly.
"""

from __future__ import annotations

import csv
import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from recommendations.reading.prose import state_names
from recommendations.reading.reader import read

if TYPE_CHECKING:
    from recommendations.reading.document import ParsedDocument, Statement

ROOT = Path(__file__).resolve().parent.parent
ANNOTATED = ROOT / "tests" / "documents"
SHARED = ROOT.parent / "shared" / "realdata"
REPORT = "working_group_reports/kazakhstan2010.pdf"
UPR_INFO = "datasets/upr_recommendations_s1-20_utf8.csv"
_COMPARED = 60  # letters: the editors shorten and mend what follows


@dataclass
class Row:
    """One document's figures.

    Precision and recall are of recommendations; None where a document has none (dialogues).
    `skipped` says why there are no figures; `faults` lists what was read wrongly.
    """

    name: str
    statements: int = 0
    precision: float | None = None  # of what is read as a recommendation, how much is one
    recall: float | None = None  # of the recommendations, how many are read as such
    acts: float = 0.0  # statements whose act is right
    attribution: float = 0.0  # statements whose stakeholders are all right
    skipped: str = ""
    faults: list[str] = field(default_factory=list)


def measure() -> list[Row]:
    """A row for each annotated set, in the order of their names, and one for the UPR report."""
    return [*(measure_one(path) for path in sorted(ANNOTATED.glob("*.annotated.json"))), measure_report()]


def measure_report() -> Row:
    """The working group's report on Kazakhstan, against the reading of UPR Info's editors.

    They made a row of each recommendation and State. A row is found where its words stand in an item;
    its attribution is right where its State is among the item's. Their positions are later ones.
    """
    source, rows_file = SHARED / REPORT, SHARED / UPR_INFO
    if not source.exists() or not rows_file.exists():
        return Row("KAZ_report", skipped=f"{REPORT} is not here (looked in ../shared/realdata)")
    with rows_file.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["To"] == "Kazakhstan" and row["Session"] == "7"]
    items = {
        paragraph.number: (_letters(paragraph.text), paragraph.statements[0])
        for paragraph in read(source).paragraphs
        if paragraph.statements[0].act.value == "recommendation"
    }
    row = Row("KAZ_report", statements=len(rows))
    known: set[str] = set()
    found_rows = right = 0
    for wanted in rows:
        words = _letters(wanted["Text"])[:_COMPARED]
        found = [number for number, (letters, _) in items.items() if words in letters]
        code = state_names.code_of(wanted["From"])
        known.update(found)
        found_rows += bool(found)
        is_right = any(code in items[number][1].stakeholders for number in found)
        right += is_right
        if not is_right:
            row.faults.append(f"“{wanted['Text'][:60]}” ({wanted['From']}): {found or 'not found'}")
    row.precision = len(known) / len(items)
    row.recall = row.acts = found_rows / len(rows)
    row.attribution = right / len(rows)
    return row


def _letters(text: str) -> str:
    return re.sub(r"[^a-z]", "", re.sub(r"^(?:to|may)\s", "", text.lower()))


def source_of(annotated: dict[str, Any]) -> Path:
    """The document's file: shipped with the project, or among the larger set of real documents."""
    shipped = ROOT / annotated["source"]
    return shipped if shipped.exists() else SHARED / annotated["source"]


def measure_one(path: Path) -> Row:
    annotated = json.loads(path.read_text(encoding="utf-8"))
    name = path.name.removesuffix(".annotated.json")
    source = source_of(annotated)
    if not source.exists():
        return Row(name, skipped=f"{annotated['source']} is not here (looked in ../shared/realdata)")
    return _score(name, read(source), annotated["statements"])


def _score(name: str, document: ParsedDocument, annotated: list[dict[str, Any]]) -> Row:
    row = Row(name, statements=len(annotated))
    wanted_and_read: list[tuple[bool, bool]] = []
    right_acts = right_parties = 0
    for item in annotated:
        statement = _find(document, item)
        act = statement.act.value if statement else "nothing"
        parties = set(statement.stakeholders) if statement else set()
        wanted_and_read.append((item["act"] == "recommendation", act == "recommendation"))
        right_acts += act == item["act"]
        right_parties += parties == set(item["stakeholders"])
        if act != item["act"] or parties != set(item["stakeholders"]):
            row.faults.append(
                f"para. {item['paragraph']} “{item['words']}”: {act} {sorted(parties)}, "
                f"not {item['act']} {sorted(item['stakeholders'])}"
            )
    both = sum(wanted and is_read for wanted, is_read in wanted_and_read)
    all_read = sum(is_read for _, is_read in wanted_and_read)
    all_wanted = sum(wanted for wanted, _ in wanted_and_read)
    row.precision = both / all_read if all_read else None
    row.recall = both / all_wanted if all_wanted else None
    row.acts = right_acts / len(annotated)
    row.attribution = right_parties / len(annotated)
    return row


def _find(document: ParsedDocument, item: dict[str, Any]) -> Statement | None:
    statements = [
        statement
        for paragraph in document.paragraphs
        if paragraph.number == item["paragraph"]
        for statement in paragraph.statements
        if item["words"] in statement.text
    ]
    return statements[0] if len(statements) == 1 else None


def table() -> list[str]:
    """The figures as lines of text, a document a line, its faults below it."""
    lines = [
        f"{'document':<14}{'statements':>11}{'precision':>11}{'recall':>8}{'acts':>7}{'attribution':>13}"
    ]
    for row in measure():
        if row.skipped:
            lines.append(f"{row.name:<14}  skipped: {row.skipped}")
            continue
        lines.append(
            f"{row.name:<14}{row.statements:>11}{_figure(row.precision):>11}{_figure(row.recall):>8}"
            f"{_figure(row.acts):>7}{_figure(row.attribution):>13}"
        )
        lines += [f"    {fault}" for fault in row.faults]
    return lines


def _figure(share: float | None) -> str:
    return "–" if share is None else f"{share:.3f}"


def main() -> None:
    print("\n".join(table()))


if __name__ == "__main__":
    main()
