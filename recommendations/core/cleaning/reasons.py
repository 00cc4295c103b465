"""Why a file is not taken, as a child process says it to the one that asks."""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """What stands against a file; some come with a detail."""

    BROKEN = "broken"
    ENCRYPTED = "encrypted"
    # The number of pixels.
    PIXELS = "pixels"
    PAGES = "pages"
    UNPACKED = "unpacked"
    MACROS = "macros"
    EMBEDDED = "embedded"
    # The name of the field that fetches.
    FETCHES = "fetches"
    # The type of the picture.
    PICTURE = "picture"


class UncleanError(Exception):
    """A file that cannot be cleaned, and why."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(f"{reason} {detail}".strip())
        self.reason = reason
        self.detail = detail

    @classmethod
    def read(cls, line: str) -> UncleanError:
        """From what another process printed."""
        reason, _, detail = line.partition(" ")
        known = reason in Reason.__members__.values()
        return cls(Reason(reason), detail) if known else cls(Reason.BROKEN)
