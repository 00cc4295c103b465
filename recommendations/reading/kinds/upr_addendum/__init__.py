"""Addenda to the working group's reports: the State's later answers."""

from recommendations.reading.kind import TITLE_PAGE, Kind, gettext_noop, sign
from recommendations.reading.kinds.upr_addendum.parser import CODE, parse

KIND = Kind(
    code=CODE,
    label=gettext_noop("Addendum: the State’s answers"),
    name="a State's addendum to one",
    signs=(
        sign(
            14,
            r"\bviews\s+on\s+conclusions\s+and/or\s+recommendations,?\s+voluntary\s+commitments\s+and\s+replies",
            TITLE_PAGE,
        ),
        sign(8, r"\bA\s?/HRC/\d{1,3}/\d{1,3}/Add\.1\b(?!\s*[-–])", 600, exact=True),
        sign(6, r"^\s*Addendum\s*\*?\s*$", TITLE_PAGE),
    ),
    parse=parse,
    reference_code="AD",
    recognised_by=(
        '"Views on conclusions and/or recommendations, voluntary commitments and replies", "Addendum",'
        " …/Add.1"
    ),
    becomes="responses, each with the numbers it answers and the position",
    order=40,
    stored_order=50,
)
