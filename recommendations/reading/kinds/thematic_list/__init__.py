"""OHCHR's thematic lists of a review's recommendations."""

from recommendations.reading.kind import ANYWHERE, TITLE_PAGE, Kind, gettext_noop, sign
from recommendations.reading.kinds.thematic_list.parser import CODE, parse

KIND = Kind(
    code=CODE,
    label=gettext_noop("Thematic list of recommendations"),
    name="a thematic list of recommendations",
    signs=(
        sign(14, r"\bthematic\s+list\s+of\s+recommendations\b", TITLE_PAGE),
        sign(10, r"\bfull\s+list\s+of\s+themes\b", TITLE_PAGE),
        sign(5, r"\bassessment\s*/\s*comments\s+on\s+level\s+of\b", TITLE_PAGE),
        sign(5, r"\bsource\s+of\s+position\s*:", ANYWHERE),
    ),
    parse=parse,
    reference_code="TL",
    recognised_by='"Thematic list of recommendations", "Full list of themes", "Source of Position:"',
    becomes="each row a recommendation with position, themes, SDGs, affected persons and assessment",
    order=60,
    stored_order=110,
)
