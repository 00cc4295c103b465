"""A document on its way in: read into drafts, decided on by people, published in one step, undone as a whole.

The four functions that a worker calls are those of `tables` as well (`importing/jobs.py`).
"""

from .publishing import apply
from .reading import prepare
from .undoing import standing_in_the_way, undo

__all__ = ["apply", "prepare", "standing_in_the_way", "undo"]
