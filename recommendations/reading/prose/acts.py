"""Classifies statements: they recommend, express concern, commend, or only report.

A verb counts only if its subject is the speaker. "JS1 noted that the Committee had recommended …" is a
report; "JS1 noted … and recommended …" is a recommendation. So each verb pattern is tried only after a
speaker, or after a conjunction that continues with the speaker as subject.
"""

from __future__ import annotations

import re

from recommendations.reading.document import Act
from recommendations.reading.prose.speech import ADVERBS

_STRENGTH = (
    r"(?:(?:its|their|serious|deep|grave|great|strong|further|particular|considerable|also|several"
    r"|similar)\s+)*"
)
_NEED = (
    r"(?:stressed|underlined|underscored|highlighted|emphasi[sz]ed|noted|stated|mentioned|pointed\s+(?:out|to)|expressed|saw|"
    r"reiterated|referred\s+to|recalled|affirmed)\s+(?:on\s+)?(?:the|a)\s+(?:\w+\s+){0,2}"
    r"(?:need|urgency|necessity|importance)\s+(?:to\b|of\b|for\b)"
)
# The act of the speaker, in the words right after the speaker.
_SAYS_RECOMMENDATION = re.compile(
    r"recommended\b|urged\b|called\s+(?:up)?on\b|called\s+for\b|called\s+again\b|encouraged\b|appealed\b"
    r"|requested\b|proposed\b|suggested\b|advised\b|invited\b|demanded\b|advocated\b|exhorted\b|insisted\s+on\b"
    r"|asked\s+(?:for|that|\w+(?:\s\w+)?\s+to)\b"
    r"|(?:considered|believed|stated|found|deemed|said)\s+(?:that\s+)?(?:it\s+)?(?:this\s+)?(?:was\s+|is\s+)?"
    r"(?:as\s+)?(?:\w+ly\s+)?(?:necessary|essential|important|imperative|crucial|vital)\b"
    r"|supported\s+(?:the|its|their|this|a|all)\s+(?:\w+\s+)?recommendations?\b"
    r"|reiterated\s+(?:(?:the|its|their|earlier|previous)\s+)*(?:recommendations?|calls?|requests?)\b"
    rf"|made\s+(?:a\s+)?similar\s+recommendations?\b|joined\s+(?:in\s+)?the\s+recommendation|{_NEED}"
)
_SAYS_CONCERN = re.compile(
    rf"(?:expressed|raised|voiced|shared|reiterated)\s+{_STRENGTH}(?:concerns?|alarm|regret|dismay|worry|worries)\b"
    r"|(?:was|is|were|are|remained|remains)\s+(?:\w+\s+){0,2}?(?:concerned|alarmed|worried|dismayed)\b"
    r"|regretted\b|denounced\b|deplored\b|condemned\b|alerted\b|critici[sz]ed\b|lamented\b|warned\b|cautioned\b"
    r"|protested\b|complained\b|feared\b"
    r"|noted\s+(?:also\s+)?with\s+(?:\w+\s+)?(?:concern|alarm|regret|dismay)\b"
)
_PRAISED = (
    r"(?:progress|efforts?|steps?|measures|adoption|improvements?|achievements?|commitment|developments?"
    r"|ratification)"
)
_SAYS_COMMENDATION = re.compile(
    r"welcomed\b|commended\b|praised\b|applauded\b|appreciated\b|congratulated\b"
    rf"|(?:acknowledged|recogni[sz]ed)\s+(?:(?:the|some|that)\s+)?(?:\w+\s+){{0,3}}{_PRAISED}\b"
    r"|(?:acknowledged|recogni[sz]ed)\s+that\b[^;]{0,90}\b(?:important|positive|significant)\s+"
    r"(?:step|development|progress)"
    r"|noted\s+(?:the\s+)?(?:positive|with\s+(?:satisfaction|appreciation))\b"
    r"|noted\s+(?:some\s+|the\s+)?(?:\w+\s+)?progress\b(?!\s+in\s+\w+ing\b[^.]*\bthreatened)"
)
# Words that show the act anywhere in the statement.
_ASKS = re.compile(
    r"(?:,|\band)\s+(?:also\s+)?(?:encouraging|calling\s+(?:up)?on|calling\s+for|urging|recommending|requesting)\b"
    r"|\bconsider(?:ed|s)\s+this\s+necessary\b|[Ss]imilar\s+recommendations?\s+(?:was|were)\s+(?:also\s+)?made\b"
    r"|\b(?:efforts|measures|steps|action|mechanisms)\s+(?:are|were|is|was)\s+needed\b"
    r"|\b[Mm]echanisms\s+need(?:ed)?\s+to\s+be\b|\bneed(?:s|ed)?\s+to\s+be\s+(?:\w+ly\s+)?"
    r"(?:adopted|amended|aligned|considered|established|reformed|repealed|strengthened|improved|introduced|revised)\b"
    r"|\b(?:Government|authorities|State|Parliament)\s+(?:must|needs?\s+to|needed\s+to)\b"
    r"|\bmust\s+be\s+(?:provided|protected|ensured|guaranteed|respected|given|adopted|repealed|stopped)\b"
    r"|\b(?:[Ii]t|[Tt]hat|which)\s+(?:was|were)\s+(?:also\s+)?(?:recommended|requested)\s+that\b"
)
_SHOULD = re.compile(r"\b(?:should|ought\s+to)\b(?!\s+(?:not\s+)?have\b)")
_SHOULD_BE_PRAISED = re.compile(r"\bshould\s+be\s+(?:commended|congratulated|praised|welcomed|applauded)\b")
# States a rule or a principle and asks nobody for anything: "According to national legislation, … should …".
_TELLS_A_RULE = re.compile(
    r"\b[Aa]ccording\s+to\s+(?:the\s+)?(?:\w+\s+)?(?:law|legislation|Act|Constitution|Code)\b"
    r"|\b(?:law|legislation|Act|Constitution|Code|decree|rules|Convention|draft|bill|policy)\s+"
    r"(?:stated|provided|provides|states|required|requires|prescribes|prescribed)\s+that\b"
)
_WORRIES = re.compile(
    r"\b(?:is|was|are|were)\s+(?:\w+\s+)?alarming\b|\bconsidered\b[^.;]{0,80}\balarming\b"
    r"|\bof\s+(?:great|serious|grave|particular|deep)\s+concern\b|\bmatter\s+of\s+(?:\w+\s+)?concern\b"
    r"|[Ss]imilar\s+concerns?\s+(?:was|were)\s+(?:also\s+)?(?:raised|expressed|made)\b"
)
_CREDITS = re.compile(r"\b(?:is|was|are|were)\s+commendable\b")
_GOES_ON = re.compile(
    rf"(?:(?:\band|\bbut|\byet|\bwhile|\balthough|,|;|:|[Hh]owever,?)\s+(?:(?:it|they|she|he)\b)?{ADVERBS}"
    rf"|\b(?:[Ii]t|[Tt]hey|[Ss]he|[Hh]e){ADVERBS})\s*$"
)
_LOOK_BACK = 130


def act_of(text: str, speaker_ends: tuple[int, ...]) -> Act:
    """Return the act of a statement. `speaker_ends` are the offsets at which a speaker's verb begins."""
    if _SHOULD_BE_PRAISED.search(text):
        return Act.COMMENDATION
    says_should = bool(_SHOULD.search(text)) and not _TELLS_A_RULE.search(text)
    if says_should or _ASKS.search(text) or _says(_SAYS_RECOMMENDATION, text, speaker_ends):
        return Act.RECOMMENDATION
    if _names_need(text):
        return Act.RECOMMENDATION
    if _WORRIES.search(text) or _says(_SAYS_CONCERN, text, speaker_ends):
        return Act.CONCERN
    if _CREDITS.search(text) or _says(_SAYS_COMMENDATION, text, speaker_ends):
        return Act.COMMENDATION
    return Act.INFORMATION


def _says(pattern: re.Pattern[str], text: str, speaker_ends: tuple[int, ...]) -> bool:
    """True if the speaker is the subject: right after the speaker, or continuing after a conjunction."""
    for match in pattern.finditer(text):
        if match.start() in speaker_ends:
            return True
        if speaker_ends and match.start() < min(speaker_ends):
            continue
        before = text[max(0, match.start() - _LOOK_BACK) : match.start()]
        if _GOES_ON.search(before):
            return True
    return False


def _names_need(text: str) -> bool:
    """True if the sentence has lost its verb: "The Ombudsman the need to strengthen …"."""
    return bool(re.match(r"(?:The\s+)?[A-Z][\w-]*(?:\s[A-Z][\w-]*)*\s+the\s+need\s+(?:to|for)\b", text))
