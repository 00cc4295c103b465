"""Deletes uploaded evidence with its row: a file that an editor deletes must not stay on the disk."""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db import transaction

if TYPE_CHECKING:
    from django.core.files.storage import Storage

    from recommendations.models import Evidence

logger = logging.getLogger(__name__)


def delete_file(instance: Evidence, using: str, **_signal: Any) -> None:
    """Delete the file once the deletion of its row is committed (`post_delete` receiver).

    A signal, because rows are also deleted by cascade and in bulk, where `delete()` is not called.
    """
    if instance.file:
        name = str(instance.file)
        transaction.on_commit(
            partial(remove, type(instance), instance.file.storage, name, using), using=using
        )


def remove(model: type[Evidence], storage: Storage, name: str, using: str) -> None:
    """Delete a file unless a row still refers to it."""
    # A restored former version may refer to the same file.
    if model._base_manager.using(using).filter(file=name).exists():
        return
    try:
        storage.delete(name)
    except OSError:
        # The row is deleted already, so only the operator can fix this, not the editor.
        logger.exception("The uploaded file %s of a deleted piece of evidence could not be deleted.", name)
