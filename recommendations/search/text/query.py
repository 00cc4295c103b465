"""Parses the user's input into a tree of words. Any input is valid: misplaced operators are read as words.

All words must match. `"…"` is a phrase, and so are joined words (`follow-up`, a symbol, a reference).
OR joins its two neighbours, `-` or NOT excludes, round brackets group, and AND is optional. Operators
are in capitals; "or", "and" and "not" in lower case are words.
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

# Maximum number of words, because each costs the database a look-up.
TOKENS_MAX = 32
# Maximum depth of nested brackets; deeper brackets are ignored.
DEPTH_MAX = 8
# Words in nearly every record; ignored unless in a phrase or if there are no other words.
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
    """One word, or several in this order; `text` is the original input."""

    stems: tuple[str, ...]
    forms: tuple[str, ...]
    text: str
    quoted: bool = False

    @property
    def is_common(self) -> bool:
        """Return whether it is too common to be significant: "the", "of"."""
        return not self.quoted and len(self.forms) == 1 and self.forms[0] in COMMON

    def __str__(self) -> str:
        return f"“{self.text}”"


@dataclass(frozen=True, slots=True)
class Not:
    """Excludes its node."""

    node: Node

    def __str__(self) -> str:
        words = str(self.node) if isinstance(self.node, Words) else f"({self.node})"
        return gettext("not %(words)s") % {"words": words}


@dataclass(frozen=True, slots=True)
class All:
    """All of these nodes must match."""

    nodes: tuple[Node, ...]

    def __str__(self) -> str:
        return gettext(" and ").join(
            f"({node})" if isinstance(node, Any) else str(node) for node in self.nodes
        )


@dataclass(frozen=True, slots=True)
class Any:
    """At least one of these nodes must match."""

    nodes: tuple[Node, ...]

    def __str__(self) -> str:
        return gettext(" or ").join(
            f"({node})" if isinstance(node, All) else str(node) for node in self.nodes
        )


Node = Words | Not | All | Any


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query. `tree` is None if there is nothing to search for."""

    text: str
    tree: Node | None
    # True if some of the input was ignored because it was too long.
    cut: bool = False

    @property
    def wanted(self) -> list[Words]:
        """Return the words to find, without excluded ones, for ranking and highlighting."""
        return list(dict.fromkeys(_wanted(self.tree))) if self.tree else []

    @property
    def in_words(self) -> str:
        """Return how the query was understood, if it contains an operator."""
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
    """Parse the user's input; never raises."""
    plain = re.sub(r"[“”„«»]", '"', unicodedata.normalize("NFC", text))
    if plain.count('"') % 2:  # the last quotation mark is not closed
        before, _, after = plain.rpartition('"')
        plain = f"{before} {after}"
    reader = _Reader([(match.lastgroup or "", match.group()) for match in _LEXEME.finditer(plain)])
    tree = reader.sequence(0)
    while reader.more():  # unmatched closing brackets
        reader.at += 1
        tree = _all([tree, reader.sequence(0)])
    return Query(text, tree, reader.cut)


def _all(nodes: list[Node | None]) -> Node | None:
    """Return a node that matches all of these."""
    flat: list[Node] = []
    for node in nodes:
        if node is not None:
            flat += node.nodes if isinstance(node, All) else [node]
    flat = list(dict.fromkeys(flat))
    return All(tuple(flat)) if len(flat) > 1 else next(iter(flat), None)


def without_common(tree: Node) -> Node:
    """Remove common words, unless there are no others."""
    if not isinstance(tree, All):
        return tree
    telling = [node for node in tree.nodes if not (isinstance(node, Words) and node.is_common)]
    if all(isinstance(node, Not) for node in telling):
        return tree
    return _all(list(telling)) or tree


class _Reader:
    """Reads lexemes in order; `sequence` reads up to a closing bracket or the end."""

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
        """Return whether the next lexeme is one of these operators and is followed by an operand."""
        kind, text = self.peek()
        after = self.lexemes[self.at + 1][0] if self.at + 1 < len(self.lexemes) else "close"
        return kind == "word" and text in names and after != "close"

    def sequence(self, depth: int) -> Node | None:
        """Read terms that must all match; OR applies to the terms on both sides of it."""
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
        """Read a word, a phrase, a bracket or an excluded term."""
        # Repeated negations are read in a loop, because recursion would have no limit.
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
        """Read up to the closing bracket; brackets nested too deeply are ignored."""
        if depth > DEPTH_MAX:
            return None
        node = self.sequence(depth)
        if self.peek()[0] == "close":
            self.at += 1
        return node

    def words(self, text: str, *, quoted: bool) -> Words | None:
        """Return the words of one lexeme, up to the limit."""
        pairs = forms_and_stems(text)
        self.cut = self.cut or len(pairs) > self.left
        pairs = pairs[: self.left]
        self.left -= len(pairs)
        if not pairs:
            return None
        forms, stems = zip(*pairs, strict=True)
        return Words(stems, forms, " ".join(text.split()), quoted)


def _any(one: Node | None, other: Node | None) -> Node | None:
    """Return a node that matches either of the two; if one is None, the other."""
    if one is None or other is None:
        return one or other
    nodes = one.nodes if isinstance(one, Any) else (one,)
    return Any(tuple(dict.fromkeys([*nodes, other])))
