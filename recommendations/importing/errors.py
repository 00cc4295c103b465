"""What stops an import."""

from __future__ import annotations


class RefusedError(Exception):
    """The file is not taken: one clear sentence for who brought it. Nothing of it was written."""
