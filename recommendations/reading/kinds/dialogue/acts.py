"""What each statement of a dialogue does, and where one sentence holds several statements."""

from __future__ import annotations

import re
from dataclasses import dataclass

from recommendations.reading.document import Act, Speaker

COMMITTEE = frozenset({Speaker.EXPERTS, Speaker.CHAIRPERSON})
STATE = frozenset({Speaker.DELEGATION, Speaker.HEAD_OF_DELEGATION})

_FIGURES = (
    r"(?:(?:further |more |additional |detailed |updated |disaggregated )*"
    r"(?:information|statistics|data|details|clarifications?|examples|figures))"
)
_ASKS = (
    r"(?:asked|enquired|inquired|wondered|(?:wished|wanted|would like|(?:was|were) keen) to "
    rf"(?:know|learn|hear)|sought {_FIGURES}|requested {_FIGURES}|called for {_FIGURES}"
    r"|raised (?:\w+ )?questions)\b"
)
_ASKED_PASSIVE = (
    r"(?:questions were (?:also )?(?:asked|raised|posed)|(?:other|further|additional) (?:issues|questions) "
    r"(?:raised|asked|posed)"
    r"|(?:information|clarification|details) (?:was|were) (?:also )?(?:sought|requested))\b"
)
_RECOMMENDS = (
    r"(?:(?<!had )(?<!previously )recommended\b|urged\b|call(?:ed|s) (?:up)?on\b|called for\b|advised\b"
    r"|suggested\b|proposed\b|(?<!was )(?<!were )(?<!be )encouraged (?:the|it|that|its|[A-Z])"
    r"|reiterated its (?:recommendation|call)|stressed the need\b|invited the State\b)"
)
_CONCERNED = (
    r"(?:concern(?:s|ed)?\b(?! with)|worr(?:y|ied|ying|ies)\b|alarm(?:ed|ing)?\b|deplored\b"
    r"|disturb(?:ed|ing)\b"
    r"|regret(?:s|ted|table|tably)?\b|troubl(?:ed|ing)\b|dismay(?:ed)?\b)"
)
_CREDITS = (
    r"(?:(?:welcom|commend|congratulat|prais|applaud)(?:ed|ing)\b|appreciated\b"
    r"|expressed (?:\w+ )?(?:appreciation|satisfaction)\b|noted with (?:appreciation|satisfaction)\b"
    r"|(?:was|were) (?:\w+ )?(?:impressed|encouraged|pleased|heartened)\b)"
)
_COURTESY = re.compile(
    r"\b(?:thank(?:ed|s|ing)?|gratitude|grateful|looked forward|wished the delegation)\b", re.IGNORECASE
)
_TO_THE_OTHERS = re.compile(
    r"\b(?:committee|dialogue|experts?|members|chair\w*|delegation|interpreters|all those|everyone)\b",
    re.IGNORECASE,
)
_ON_THE_DIALOGUE = re.compile(
    r"\bdelegation had engaged|\bhop(?:ed|ing) that the (?:dialogue|discussion)"
    r"|\b(?:open|frank|constructive|fruitful)\b[^.]{0,30} dialogue",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Cue:
    """Words that show an act; `by_committee`: only where somebody of the committee is their subject."""

    act: Act
    words: re.Pattern[str]
    by_committee: bool


_CUES = (
    _Cue(Act.QUESTION, re.compile(rf"\b{_ASKS}", re.IGNORECASE), by_committee=True),
    _Cue(Act.QUESTION, re.compile(rf"\b{_ASKED_PASSIVE}", re.IGNORECASE), by_committee=False),
    _Cue(Act.RECOMMENDATION, re.compile(rf"\b{_RECOMMENDS}", re.IGNORECASE), by_committee=True),
    _Cue(
        Act.RECOMMENDATION, re.compile(r"\bthe State(?: party)? should\b", re.IGNORECASE), by_committee=False
    ),
    _Cue(Act.CONCERN, re.compile(rf"\b{_CONCERNED}", re.IGNORECASE), by_committee=False),
    _Cue(Act.COMMENDATION, re.compile(rf"\b{_CREDITS}", re.IGNORECASE), by_committee=True),
)
_QUOTED_QUESTION = re.compile(r"\?[”\"’'],? (?:asked|enquired|inquired|wondered)\b")
# How far into a statement its verb may stand; beyond, the words belong to what is reported.
_VERB_WITHIN = 140
# The nearest subject before a verb, and what may stand between: "the Expert, for her part, also asked",
# but not "the Expert said that officers had asked".
_SUBJECT = re.compile(
    r".*\b(?:Committee|Experts?|Members?|(?:Co-)?Rapporteurs?|Chair(?:person|man|woman)?|[Hh]e|[Ss]he|[Tt]hey|[Ii]t"
    r"|which|who|(?:Mr|Ms|Mrs|Dr)\.? [\w’'-]+|[^\W\d_a-z]{3,})\b(?P<between>.*)",
)
_REPORTING = re.compile(
    r"\b(?:said|stated|noted|added|recalled|explained|that|had been|had)\b", re.IGNORECASE
)
_CARRIED_ON = re.compile(r"(?:\W|and|but|however|yet|also|then|further|though)*", re.IGNORECASE)
_WORDS_BETWEEN = 10

_ADVERSATIVE = re.compile(r"\s(?=(?:but|however|yet|although|while regretting)\b)")
_NEXT_VERB = re.compile(
    r"\s(?=(?:and|but)\s(?:(?:also|then|further|he|she|they|it|the Committee|the Experts?)\s){0,3}"
    rf"(?:(?:was|were|expressed|raised|had)\s(?:\w+\s)?{_CONCERNED}|{_ASKS}|{_RECOMMENDS}|{_CREDITS}))",
    re.IGNORECASE,
)
_SEMICOLON = re.compile(r"(?<=;)\s")

# A fact that an expert states as background carries one of the first words and none of the second.
_PROGRESS = re.compile(
    r"\b(?:enhanc|strengthen|improv|adopt|establish|ratif|assess|acced|introduc|develop|creat|appoint|expand"
    r"|set up|submitted its|applied|abolish|implemented)\w*",
    re.IGNORECASE,
)
_PROBLEM = re.compile(
    r"\b(?:not|no|nor|never|none|few|only|without|lack\w*|limit\w*|restrict\w*|fail\w*|insufficien\w*|inadequa\w*"
    r"|den(?:y|ied|ial)|report(?:ed|edly|s of)|alleg\w*|allegedly|despite|but|however|although|control"
    r"|politically|excessive\w*|vague\w*|arbitrar\w*|stall\w*|pressur\w*|imprison\w*|detain\w*|detention|arrest\w*|violen\w*"
    r"|deaths?|killed|tortur\w*|ill-treat\w*|discriminat\w*|stigma\w*|abus\w*|corrupt\w*|prohibit\w*|ban(?:ned)?"
    r"|remov\w*|exclud\w*|reluctan\w*|difficult\w*|high|low|major|continu\w*|still|threat\w*|punish\w*|forced)\b",
    re.IGNORECASE,
)


def act_of(statement: str, speaker: Speaker) -> Act:
    """What a statement does, given who makes it.

    What the State's delegation says is a response, the narrator's words and courtesies are information.
    A committee asks, recommends, expresses concern or commends by its verb; without such a verb a fact
    that an expert states is a concern, unless it is plainly background.
    """
    if speaker in STATE:
        is_courtesy = _COURTESY.search(statement) and _TO_THE_OTHERS.search(statement)
        return Act.INFORMATION if is_courtesy else Act.RESPONSE
    if speaker not in COMMITTEE:
        return Act.INFORMATION
    if statement.rstrip("”\"’')]").endswith("?") or _QUOTED_QUESTION.search(statement):
        return Act.QUESTION
    return _act_by_verb(statement) or _act_of_fact(statement)


def _act_by_verb(statement: str) -> Act | None:
    """The act that the statement's first telling verb shows; None where it has none."""
    reach = statement[:_VERB_WITHIN]
    found = [
        (match.start(), cue.act)
        for cue in _CUES
        for match in cue.words.finditer(reach)
        if not cue.by_committee or _is_the_committees(reach[: match.start()])
    ]
    return min(found)[1] if found else None


def _is_the_committees(before: str) -> bool:
    """Whether the words before a verb give it the committee for its subject, or carry one over."""
    if _CARRIED_ON.fullmatch(before):
        return True
    subject = _SUBJECT.fullmatch(before)
    if subject is None:
        return False
    between = subject["between"]
    return len(between.split()) <= _WORDS_BETWEEN and not _REPORTING.search(between)


def _act_of_fact(statement: str) -> Act:
    if _COURTESY.search(statement) or _ON_THE_DIALOGUE.search(statement):
        return Act.INFORMATION
    if _PROGRESS.search(statement) and not _PROBLEM.search(statement):
        return Act.INFORMATION
    return Act.CONCERN


def statements_of(sentence: str, speaker: Speaker) -> list[tuple[str, Act]]:
    """The statements in a sentence: verbatim slices that cover it, each with its act.

    A committee's sentence is taken apart where its list of questions has semicolons, and where it turns
    from credit to a reservation or from one act to another ("welcomed … but was concerned …").
    """
    if speaker not in COMMITTEE or sentence.rstrip("”\"’')]").endswith("?"):
        return [(sentence, act_of(sentence, speaker))]
    if _is_list_of_questions(sentence):
        return [(part, Act.QUESTION) for part in _cut(sentence, _SEMICOLON)]
    clauses: list[tuple[str, Act]] = []
    for clause in _clauses(sentence):
        act = act_of(clause, speaker)
        if clauses and clauses[-1][1] is act:
            clauses[-1] = (f"{clauses[-1][0]} {clause}", act)
        else:
            clauses.append((clause, act))
    return clauses


def _is_list_of_questions(sentence: str) -> bool:
    semicolon = sentence.find(";")
    return semicolon > 0 and _act_by_verb(sentence[:semicolon]) is Act.QUESTION


def _clauses(sentence: str) -> list[str]:
    clauses: list[str] = []
    for clause in _cut(sentence, _NEXT_VERB) if _SUBJECT.match(sentence) else [sentence]:
        turn = _ADVERSATIVE.search(clause)
        if turn and _act_by_verb(clause[: turn.start()]) is Act.COMMENDATION:
            clauses += [clause[: turn.start()], clause[turn.end() :]]
        else:
            clauses.append(clause)
    return clauses


def _cut(text: str, at: re.Pattern[str]) -> list[str]:
    """Slices between the matches that stand outside brackets and quotations, without the space between."""
    slices: list[str] = []
    start = counted = depth = 0
    for match in at.finditer(text):
        passed = text[counted : match.start()]
        depth += passed.count("(") + passed.count("“") - passed.count(")") - passed.count("”")
        counted = match.start()
        if depth <= 0:
            slices.append(text[start : match.start()])
            start = match.end()
    return [*slices, text[start:]]
