"""Reasons for refusing a file, as a child process reports them to its parent."""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """Why a file is refused; the comments say which reasons carry a detail."""

    BROKEN = "broken"
    ENCRYPTED = "encrypted"
    # Detail: the number of pixels.
    PIXELS = "pixels"
    PAGES = "pages"
    UNPACKED = "unpacked"
    MACROS = "macros"
    EMBEDDED = "embedded"
    # Detail: the name of the field that loads external content.
    FETCHES = "fetches"
    # Detail: the type of the image.
    PICTURE = "picture"


class UncleanError(Exception):
    """Raised for a file that cannot be cleaned, with the reason."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(f"{reason} {detail}".strip())
        self.reason = reason
        self.detail = detail

    @classmethod
    def read(cls, line: str) -> UncleanError:
        """Parse the line printed by the child process; an unknown reason becomes BROKEN."""
        reason, _, detail = line.partition(" ")
        known = reason in Reason.__members__.values()
        return cls(Reason(reason), detail) if known else cls(Reason.BROKEN)
