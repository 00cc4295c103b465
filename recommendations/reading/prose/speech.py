"""Finds the speakers of a sentence, by the words with which summaries attribute statements."""

from __future__ import annotations

import re

# The verbs with which a summary reports a party's statement. The order does not matter.
_VERBS = re.split(
    " ",
    "recommended urged called encouraged appealed requested proposed suggested advised invited demanded "
    "advocated noted stated reported indicated said regretted denounced deplored condemned alerted welcomed "
    "commended praised applauded appreciated acknowledged highlighted underlined underscored stressed "
    "observed explained added informed referred drew quoted pointed described considered believed "
    "claimed argued affirmed asserted alleged recalled reiterated mentioned warned submitted supported found "
    "cited defended hoped maintained concluded asked remarked commented declared complained lamented "
    "feared documented"
    "echoed estimated detailed presented identified listed concurred agreed opposed objected revealed "
    "confirmed outlined cautioned voiced raised expressed congratulated questioned protested wished expected "
    "insisted exhorted joined shared",
)
_SPELT_TWICE = r"critici[sz]ed|recogni[sz]ed|emphasi[sz]ed|summari[sz]ed|sympathi[sz]ed"
_FEELS = (
    r"(?:was|is|were|are|remained|remains)\s+(?:also\s+|however\s+|extremely\s+|deeply\s+|seriously\s+|"
    r"particularly\s+|very\s+|gravely\s+|still\s+)*"
    r"(?:concerned|alarmed|worried|dismayed|disappointed|informed|of\s+the\s+(?:view|opinion))"
)
VERB = rf"(?:{'|'.join(_VERBS)}|{_SPELT_TWICE}|provided\s+evidence|made\s+(?:a\s+)?similar|{_FEELS})\b"
_BESIDE_THE_VERB = (
    "also|further|furthermore|however|strongly|again|additionally|moreover|then|thus|therefore|similarly"
    "|likewise|in turn|once again|has|have|had|inter alia|publicly|repeatedly|particularly|specifically"
    "|especially|generally|consequently|still|deeply|clearly|respectively|both|jointly|all|equally"
    "|in particular"
)
ADVERBS = rf"(?:\s+(?:{_BESIDE_THE_VERB})\b|,\s+[^,;()]{{3,90}},)*"
_NUMBERS = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|several|numerous|many|some|various|other"
)
_SUBMITTERS = r"submissions?|contributions?|contributors|stakeholders|organi[sz]ations|NGOs|submitters"
COLLECTIVE_NAME = (
    rf"\b(?:[Aa] number of|(?i:{_NUMBERS})|\d{{1,2}})(?:\s+(?:other|joint|more|of the))*\s+(?:{_SUBMITTERS})"
)
# Offices that the parties speak about or to, not parties themselves.
OFFICE = re.compile(
    r"\b(?:Government|State|States|Parliament|President|Constitution|Constitutional|Courts?|Ministry|"
    r"Minister|Committee on|Committee against|Special Rapporteur|Working Group|Law|Act|Article|Articles|"
    r"Code|Decree|Prosecutor|Police|Office of the High|Assembly|Congress|Officials|Authorities|"
    r"Human Rights Council|Human Rights Committee|United Nations|Security Council)\b"
    r"|^(?:The|It|They|This|These|Those|There|Such|While|In|On|At|However|Many|Some|Others?|Women|Children|"
    r"He|She|Its|Their)$"
)

PRONOUN = re.compile(
    r"(?<!that )\b(?:[Ii]t|[Tt]hey|[Ss]he|[Hh]e|[Tt]he\s+(?:same\s+)?"
    r"(?:organi[sz]ations?|submissions?|authors?|institutions?)"
    rf"|[Tt]his\s+submission|[Tt]he\s+latter){ADVERBS}\s+(?P<verb>{VERB})"
)
COLLECTIVE = re.compile(rf"{COLLECTIVE_NAME}{ADVERBS}\s+(?P<verb>{VERB})")
COLLECTIVE_PASSIVE = re.compile(
    rf"(?P<verb>[Ss]imilar\s+(?:recommendations?|concerns?)\s+(?:was|were)\s+(?:also\s+)?(?:made|raised|expressed))"
    rf"\s+(?:in|by)\s+{COLLECTIVE_NAME}|\b(?P<said>mentioned|noted|reported|raised|made)\s+by\s+{COLLECTIVE_NAME}"
)
_CAPITAL_WORD = r"[A-ZÀ-Ý][\w’'&./-]*"
CAPITAL_NAME = (
    rf"{_CAPITAL_WORD}(?:\s(?:(?:of|the|for|and|on|to|against|in|de|do|da|del|la|las|los|y|e)\s){{0,2}}"
    rf"(?:{_CAPITAL_WORD}|\d{{1,3}}))*"
)
UNKNOWN = re.compile(
    rf"^(?:[^,()]{{1,80}},\s+)?(?:[Tt]he\s+)?(?P<name>{CAPITAL_NAME}){ADVERBS}\s+(?P<verb>{VERB})"
)


def named_pattern(names: str) -> re.Pattern[str]:
    """Return a pattern for a list of known parties that speak: "AI, JS2 and the Becket Fund (BF) also noted".

    `names` is a regular-expression alternation of all known spellings.
    """
    one = rf"(?:[Tt]he\s+)?(?:{names})(?![\w’'])(?:\s\([^()]{{1,80}}\))*"
    several = rf"{one}(?:(?:,\s+and\s+|\s+and\s+|,\s+|\s+as\s+well\s+as\s+){one})*"
    not_embedded = r"(?<![\w’'-])(?<!that )(?<!by )(?<!of )(?<!to )(?<!with )"
    return re.compile(
        rf"{not_embedded}(?P<names>{several})(?:\s+and)?{ADVERBS}\s+(?P<verb>{VERB})"
        rf"|(?:[Aa]ccording\s+to|[Ii]n\s+the\s+view\s+of)\s+(?P<according>{several})"
    )
