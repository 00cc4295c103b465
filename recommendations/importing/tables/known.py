"""Matches a row to an existing record: by the source's own id, else by place and words, else words and party.

A place alone is not enough: in a newer edition of a list, row 12 may be another recommendation. So a
record found by place must have the same words, and a row that has moved is found by its words and by
who raised it. Each record matches only one row.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from recommendations.models import Recommendation
from recommendations.reading.files.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

    from recommendations.importing.tables.items import Item


class Known:
    """The records of the documents that rows belong to, as 8-byte hashes; each document is loaded once."""

    def __init__(self) -> None:
        self.loaded: set[int] = set()
        self.by_id: dict[int, int] = {}
        self.by_place: dict[int, int] = {}
        self.by_words: dict[int, int | list[int]] = {}
        self.taken: set[int] = set()

    def load(self, document: int) -> None:
        """Load the records of a stored document."""
        if document in self.loaded:
            return
        self.loaded.add(document)
        if document < 0:
            return
        rows = Recommendation.objects.filter(document=document).order_by("pk")
        through = Recommendation.raised_by.through._default_manager.filter(recommendation__document=document)
        raised: defaultdict[int, list[int]] = defaultdict(list)
        for record, stakeholder in through.values_list("recommendation_id", "stakeholder_id"):
            raised[record].append(stakeholder)
        for pk, locator, text in rows.values_list("pk", "locator", "text").iterator(chunk_size=5_000):
            self.by_id[hash((document, locator))] = pk
            words = fold(text)
            self.by_place[hash((document, locator, words))] = pk
            key = hash((document, words, frozenset(raised[pk])))
            found = self.by_words.get(key)
            if found is None:
                self.by_words[key] = pk
            elif isinstance(found, list):
                found.append(pk)
            else:
                self.by_words[key] = [found, pk]

    def find(self, item: Item, document: int, raised: Iterable[int]) -> int | None:
        """Return the id of the record that matches the item and no earlier row; None for a new record."""
        self.load(document)
        if item.own_id:
            return self.take(self.by_id.get(hash((document, item.own_id))))
        words = fold(item.text)
        place = self.by_place.get(hash((document, item.locator, words)))
        if place is not None and place not in self.taken:
            return self.take(place)
        found = self.by_words.get(hash((document, words, frozenset(raised))))
        choices = found if isinstance(found, list) else [found]
        return self.take(next((pk for pk in choices if pk is not None and pk not in self.taken), None))

    def take(self, pk: int | None) -> int | None:
        """Mark this record as matched to a row, and return its id."""
        if pk is not None:
            self.taken.add(pk)
        return pk
