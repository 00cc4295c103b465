"""What is typed → a tree of words. Nothing is refused: what makes no sense as an operator is read as words.

Words are all wanted. `"…"` is a phrase, and so is what is written together (`follow-up`, a symbol, a
reference). OR joins its two neighbours, `-` or NOT leaves out, round brackets group. AND may be written.
Operators are in capitals; "or", "and", "not" in small letters are words.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext

from recommendations.search.text.stemming import forms_and_stems

if TYPE_CHECKING:
    from collections.abc import Iterator

# Each word costs the database a look-up, so their number is limited.
TOKENS_MAX = 32
# Brackets within brackets; deeper ones are read as if they were not there.
DEPTH_MAX = 8
# In nearly every record; left out, unless in a phrase or where nothing else is asked for.
_COMMON = """
    a an and are as at be been by for from has have in is it its of on or that the their this to was were with
    и в во на с со по к о об от до для из у за что как а но или же бы
"""
COMMON = frozenset(_COMMON.split())

_LEXEME = re.compile(
    r"""
      (?P<phrase>"[^"]*")
    | (?P<open>\()
    | (?P<close>\))
    | (?P<minus>(?<![^\s(])[-−](?=[^\s)]))
    | (?P<word>[^\s"()]+)
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Words:
    """One word, or several that stand together in this order; `text` is how it was typed."""

    stems: tuple[str, ...]
    forms: tuple[str, ...]
    text: str
    quoted: bool = False

    @property
    def is_common(self) -> bool:
        """Whether it says next to nothing: "the", "of"."""
        return not self.quoted and len(self.forms) == 1 and self.forms[0] in COMMON

    def __str__(self) -> str:
        return f"“{self.text}”"


@dataclass(frozen=True, slots=True)
class Not:
    """Everything but this."""

    node: Node

    def __str__(self) -> str:
        words = str(self.node) if isinstance(self.node, Words) else f"({self.node})"
        return gettext("not %(words)s") % {"words": words}


@dataclass(frozen=True, slots=True)
class All:
    """Every one of these."""

    nodes: tuple[Node, ...]

    def __str__(self) -> str:
        return gettext(" and ").join(
            f"({node})" if isinstance(node, Any) else str(node) for node in self.nodes
        )


@dataclass(frozen=True, slots=True)
class Any:
    """At least one of these."""

    nodes: tuple[Node, ...]

    def __str__(self) -> str:
        return gettext(" or ").join(
            f"({node})" if isinstance(node, All) else str(node) for node in self.nodes
        )


Node = Words | Not | All | Any


@dataclass(frozen=True, slots=True)
class Query:
    """A query, read. `tree` is None where it holds nothing to look for."""

    text: str
    tree: Node | None
    # More was typed than is looked for.
    cut: bool = False

    @property
    def wanted(self) -> list[Words]:
        """The words to find, without those to leave out: what ranks and what is marked."""
        return list(dict.fromkeys(_wanted(self.tree))) if self.tree else []

    @property
    def in_words(self) -> str:
        """How the query was read, where that is not plain: it holds an operator."""
        if self.tree is None or isinstance(self.tree, Words):
            return ""
        if isinstance(self.tree, All) and all(isinstance(node, Words) for node in self.tree.nodes):
            return ""
        return str(self.tree)


def _wanted(node: Node) -> Iterator[Words]:
    if isinstance(node, Words):
        yield node
    elif not isinstance(node, Not):
        for inner in node.nodes:
            yield from _wanted(inner)


def read(text: str) -> Query:
    """Read what was typed; never raises."""
    plain = re.sub(r"[“”„«»]", '"', unicodedata.normalize("NFC", text))
    if plain.count('"') % 2:  # the last one was never closed
        before, _, after = plain.rpartition('"')
        plain = f"{before} {after}"
    reader = _Reader([(match.lastgroup or "", match.group()) for match in _LEXEME.finditer(plain)])
    tree = reader.sequence(0)
    while reader.more():  # closing brackets that were never opened
        reader.at += 1
        tree = _all([tree, reader.sequence(0)])
    return Query(text, tree, reader.cut)


def _all(nodes: list[Node | None]) -> Node | None:
    """All of these as one node."""
    flat: list[Node] = []
    for node in nodes:
        if node is not None:
            flat += node.nodes if isinstance(node, All) else [node]
    flat = list(dict.fromkeys(flat))
    return All(tuple(flat)) if len(flat) > 1 else next(iter(flat), None)


def without_common(tree: Node) -> Node:
    """Leave out the words that say nothing, unless there are no others."""
    if not isinstance(tree, All):
        return tree
    telling = [node for node in tree.nodes if not (isinstance(node, Words) and node.is_common)]
    if all(isinstance(node, Not) for node in telling):
        return tree
    return _all(list(telling)) or tree


class _Reader:
    """Walks along the lexemes; `sequence` reads up to a closing bracket or the end."""

    def __init__(self, lexemes: list[tuple[str, str]]) -> None:
        self.lexemes = lexemes
        self.at = 0
        self.left = TOKENS_MAX
        self.cut = False

    def more(self) -> bool:
        return self.at < len(self.lexemes)

    def peek(self) -> tuple[str, str]:
        return self.lexemes[self.at] if self.more() else ("end", "")

    def is_operator(self, *names: str) -> bool:
        """Whether an operator stands here and something follows that it can work on."""
        kind, text = self.peek()
        after = self.lexemes[self.at + 1][0] if self.at + 1 < len(self.lexemes) else "close"
        return kind == "word" and text in names and after != "close"

    def sequence(self, depth: int) -> Node | None:
        """Terms, of which all are wanted; OR binds the two beside it."""
        nodes: list[Node | None] = []
        while self.more() and self.peek()[0] != "close":
            if nodes and nodes[-1] is not None and self.is_operator("OR", "|"):
                self.at += 1
                other = self.term(depth)
                before = nodes.pop()
                nodes.append(_any(before, other))
            elif nodes and self.is_operator("AND", "&"):
                self.at += 1
            else:
                node = self.term(depth)
                if node is not None:
                    nodes.append(node)
        tree = _all(nodes)
        return without_common(tree) if tree else None

    def term(self, depth: int) -> Node | None:
        """A word, a phrase, a bracket, or what is left out."""
        # As often as it is written: a loop, because nobody counts how deep a query nests.
        negative = False
        while self.peek()[0] == "minus" or self.is_operator("NOT"):
            negative = True
            self.at += 1
        kind, text = self.peek()
        if kind in {"end", "close"}:
            return None
        self.at += 1
        if kind == "open":
            node = self.bracket(depth + 1)
        else:
            node = self.words(text.strip('"'), quoted=kind == "phrase")
        return Not(node) if negative and node is not None else node

    def bracket(self, depth: int) -> Node | None:
        """What stands up to the closing bracket; one too deep is read as if it were not there."""
        if depth > DEPTH_MAX:
            return None
        node = self.sequence(depth)
        if self.peek()[0] == "close":
            self.at += 1
        return node

    def words(self, text: str, *, quoted: bool) -> Words | None:
        """The words of one lexeme, as far as the limit allows."""
        pairs = forms_and_stems(text)
        self.cut = self.cut or len(pairs) > self.left
        pairs = pairs[: self.left]
        self.left -= len(pairs)
        if not pairs:
            return None
        forms, stems = zip(*pairs, strict=True)
        return Words(stems, forms, " ".join(text.split()), quoted)


def _any(one: Node | None, other: Node | None) -> Node | None:
    """Either of the two; only one of them where the other is nothing."""
    if one is None or other is None:
        return one or other
    nodes = one.nodes if isinstance(one, Any) else (one,)
    return Any(tuple(dict.fromkeys([*nodes, other])))
