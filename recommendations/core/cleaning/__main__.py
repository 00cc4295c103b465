"""Child process that reads a file from standard input and writes the cleaned file to standard output."""

from __future__ import annotations

import sys

from recommendations.core import sandbox
from recommendations.core.cleaning.kinds import Kind
from recommendations.core.cleaning.reasons import Reason, UncleanError

LIMITS = sandbox.Limits(seconds=20, memory=1_200 * 1024 * 1024)


def clean(kind: Kind, content: bytes) -> bytes:
    """Return the cleaned file. Raises UncleanError, or any exception that a broken file causes."""
    # Import only the cleaner in use: imports add to the time of every upload.
    if kind == Kind.PDF:
        from recommendations.core.cleaning import pdf

        return pdf.clean(content)
    if kind == Kind.WORD:
        from recommendations.core.cleaning import word

        return word.clean(content)
    from recommendations.core.cleaning import images

    return images.clean(content)


def main(kind: str) -> int:
    """Print the cleaned file and return 0, or print the reason for refusal and return its exit status."""
    LIMITS.impose()
    try:
        cleaned = clean(Kind(kind), sys.stdin.buffer.read())
    except UncleanError as refusal:
        return sandbox.refuse(str(refusal))
    except Exception:  # a broken file can cause any error
        return sandbox.refuse(Reason.BROKEN)
    sys.stdout.buffer.write(cleaned)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
