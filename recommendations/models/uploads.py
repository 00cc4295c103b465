"""Uploaded evidence goes with its row: what an editor deletes must not stay on the disk."""

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
    """Delete the file once the deletion of its row is final; a receiver of `post_delete`.

    A signal, because rows also go with their entry and in bulk, where `delete()` is not called.
    """
    if instance.file:
        name = str(instance.file)
        transaction.on_commit(
            partial(remove, type(instance), instance.file.storage, name, using), using=using
        )


def remove(model: type[Evidence], storage: Storage, name: str, using: str) -> None:
    """Delete a file that no row names any more."""
    # A former version that was restored may name the same file.
    if model._base_manager.using(using).filter(file=name).exists():
        return
    try:
        storage.delete(name)
    except OSError:
        # The row is gone already: the editor can do nothing about it, the operator can.
        logger.exception("The uploaded file %s of a deleted piece of evidence could not be deleted.", name)
