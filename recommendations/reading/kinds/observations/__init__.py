"""Concluding observations of treaty bodies."""

from recommendations.reading.kind import ANYWHERE, TITLE_PAGE, Kind, gettext_noop, sign
from recommendations.reading.kinds.observations.parser import CODE, SYMBOL, TITLE, parse

KIND = Kind(
    code=CODE,
    label=gettext_noop("Concluding observations"),
    name="concluding observations",
    signs=(
        sign(12, TITLE.pattern, TITLE_PAGE),
        sign(8, rf"^\s*{SYMBOL.pattern}\s*$", TITLE_PAGE, exact=True),
        sign(5, r"\bThe\s+Committee\s+(?:is|remains)\s+(?:\w+\s+)?concerned\b", ANYWHERE, exact=True),
        sign(4, r"\bThe\s+State\s+party\s+should\b", ANYWHERE, exact=True),
    ),
    parse=parse,
    reference_code="CO",
    recognised_by=(
        '"Concluding observations on", a symbol with /CO/, "The Committee is concerned", "The State party'
        ' should"'
    ),
    becomes=(
        "concerns, recommendations, commendations; sub-items; pairs; what is selected for follow-up, and by"
        " when"
    ),
    order=50,
    stored_order=80,
)
