"""Which record a row is already: by the source's own id, else by place and words, else by words and party.

Places alone will not do: in a newer edition of a list row 12 is another recommendation. So a record that is
known by its place must have the same words; and one whose row has moved is known by its words and by who
raised it, each record for one row only.
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
    """The records of the documents that rows belong to, each document loaded once, as hashes of 8 bytes."""

    def __init__(self) -> None:
        self.loaded: set[int] = set()
        self.by_id: dict[int, int] = {}
        self.by_place: dict[int, int] = {}
        self.by_words: dict[int, int | list[int]] = {}
        self.taken: set[int] = set()

    def load(self, document: int) -> None:
        """Load the records of a document that is stored."""
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
        """The id of the record that the item is, which no other item is found to be; None for a new one."""
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
        """This record belongs to a row now."""
        if pk is not None:
            self.taken.add(pk)
        return pk
