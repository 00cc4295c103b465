"""The error that stops an import."""

from __future__ import annotations


class RefusedError(Exception):
    """Raised when a file cannot be imported; the message is one sentence for the user. Nothing is written."""
