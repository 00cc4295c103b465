"""OHCHR's summaries of stakeholders' submissions for the UPR."""

from recommendations.reading.kind import TITLE_PAGE, Kind, gettext_noop, sign
from recommendations.reading.kinds.summary.parser import CODE, parse, refuse_other_reports

KIND = Kind(
    code=CODE,
    label=gettext_noop("Summary of stakeholders’ submissions"),
    name="a summary of stakeholders' submissions",
    signs=(
        sign(12, r"\bsummary\s+of\s+(?:[\w-]+\s+){0,4}stakeholders[’']\s+(?:submissions|information)"),
        sign(12, r"\bsummary\s+prepared\s+by\s+the\s+office\s+of\s+the\s+high\s+commissioner"),
        sign(10, r"A\s*/HRC/WG\.6/\d{1,3}/[A-Z]{3}/3\b", TITLE_PAGE, exact=True),
    ),
    parse=parse,
    reference_code="",
    # A summary's paragraph 95 has hardly twelve statements, but item 95.12 of the report may be called so.
    reference_code_where_taken="SS",
    recognised_by=(
        '"Summary of stakeholders\' submissions", "Summary prepared by the Office of the High Commissioner",'
        " A/HRC/WG.6/…/3"
    ),
    becomes="each sentence with its act, its stakeholders and endnotes",
    # National reports and the UN's compilations have the same symbols.
    refuse_others=refuse_other_reports,
    order=10,
    stored_order=10,
)
