"""Reports of the Working Group on the Universal Periodic Review."""

from recommendations.reading.kind import ANYWHERE, TITLE_PAGE, Kind, gettext_noop, sign
from recommendations.reading.kinds.upr_report.parser import CODE, TITLE, parse

KIND = Kind(
    code=CODE,
    label=gettext_noop("Report of the working group"),
    name="a report of the UPR working group",
    signs=(
        sign(11, TITLE.pattern, TITLE_PAGE),
        sign(
            6,
            r"\brecommendations?\s+(?:formulated|made|put\s+forward)\s+during\s+the\s+interactive\s+dialogue",
            ANYWHERE,
        ),
        sign(4, r"\benjoy(?:ed|s)?\s+(?:the\s+|its\s+)?support\s+of\b", ANYWHERE),
    ),
    parse=parse,
    reference_code="",
    reference_code_where_taken="WG",
    recognised_by=(
        '"Report of the Working Group on the Universal Periodic Review", "recommendations formulated during'
        ' the interactive dialogue"'
    ),
    becomes="each item a paragraph (95.12) with one recommendation, its States, its position",
    order=30,
    stored_order=40,
)
