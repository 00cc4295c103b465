"""What a person's hands do in a browser, counted step by step: the way of docs/staff.md."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

# The keystroke-level model (Card, Moran and Newell, 1980), in seconds: one key of a person who types 40
# words a minute, pointing at something, pressing and releasing the mouse, moving a hand between mouse and
# keyboard, and making up one's mind before each step.
KEY, POINT, PRESS, HAND, MIND = 0.28, 1.1, 0.2, 0.4, 1.35


@dataclass
class Step:
    """One step of the way: its name in words, and what it took."""

    name: str
    clicks: int = 0
    keys: int = 0
    moves: int = 0  # of a hand, between mouse and keyboard

    @property
    def seconds(self) -> float:
        """What the model gives for it."""
        by_mouse = self.clicks * (POINT + PRESS)
        return MIND + by_mouse + self.keys * KEY + self.moves * HAND


@dataclass
class Hands:
    """A person's hands on a page. What they do is counted in the last step that was named."""

    page: Page
    steps: list[Step] = field(default_factory=list)
    waited: float = 0.0  # for the pages, in seconds
    on_mouse: bool = True

    def step(self, name: str) -> None:
        """Begin a step."""
        self.steps.append(Step(name))

    def _move(self, to_mouse: bool) -> None:
        self.steps[-1].moves += self.on_mouse != to_mouse
        self.on_mouse = to_mouse

    def click(self, target: Locator) -> None:
        """One click, and what the page takes to answer it."""
        self._move(to_mouse=True)
        self.steps[-1].clicks += 1
        began = time.monotonic()
        target.click()
        self.page.wait_for_load_state("load")
        self.waited += time.monotonic() - began

    def choose(self, target: Locator, value: str) -> None:
        """Two clicks: one opens a list of choices, one takes a choice."""
        self._move(to_mouse=True)
        self.steps[-1].clicks += 2
        target.select_option(value)

    def type(self, words: str) -> None:
        """A key for each character (capitals take two), into whatever has the focus."""
        self._move(to_mouse=False)
        self.steps[-1].keys += len(words) + sum(sign.isupper() for sign in words)
        self.page.keyboard.type(words)

    def press(self, key: str) -> None:
        """One key that does something."""
        self._move(to_mouse=False)
        self.steps[-1].keys += 1
        self.page.keyboard.press(key)

    @property
    def seconds(self) -> float:
        """What the model gives for the whole way, without the pages' time."""
        return sum(step.seconds for step in self.steps)

    def table(self) -> str:
        """The way as a table for docs/staff.md."""
        rows = [(each.name, each.clicks, each.keys) for each in self.steps]
        rows.append(("**together**", sum(row[1] for row in rows), sum(row[2] for row in rows)))
        lines = [f"| {name} | {clicks or '–'} | {keys or '–'} |" for name, clicks, keys in rows]
        return "\n".join(["| step | clicks | keys |", "|---|---|---|", *lines])
