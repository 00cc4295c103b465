"""A document on its way in: read into drafts, decided on by people, published in one step, undone as a whole.

The four functions that a worker calls are those of `tables` as well (`importing/jobs.py`).
"""

from recommendations.importing.documents.publishing import apply
from recommendations.importing.documents.reading import prepare
from recommendations.importing.documents.undoing import undo, undo_blockers

__all__ = ["apply", "prepare", "undo", "undo_blockers"]
