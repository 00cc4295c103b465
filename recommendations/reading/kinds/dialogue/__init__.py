"""Press accounts of a treaty body's dialogue with a State."""

from recommendations.reading.kind import COMMITTEE, Kind, gettext_noop, sign
from recommendations.reading.kinds.dialogue.parser import CODE, parse_lines

KIND = Kind(
    code=CODE,
    label=gettext_noop("Account of the dialogue"),
    name="an account of a committee's dialogue",
    signs=(
        sign(
            8,
            rf"\b{COMMITTEE}\s+(?:\w+\s+){{0,3}}?"
            r"(?:conclud|consider|complet|review|open|beg[au]n|examin|start)\w*\b[^.]{0,200}\breports?\b",
        ),
        sign(
            6,
            r"\b(?:(?:Questions|Comments)[^\n]{0,40}by\s+(?:the\s+)?Committee\s+(?:Experts|Members)"
            r"|Responses\s+by\s+the\s+Delegation)",
        ),
    ),
    parse=parse_lines,
    reference_code="",
    reference_code_where_taken="DI",
    recognised_by=(
        '"… Committee … considers report", "Questions by Committee Experts", "Responses by the Delegation"'
    ),
    becomes="experts' questions and concerns, the delegation's responses",
    order=20,
    stored_order=60,
)
