"""An address of the API, read: its filters, the part of the rows and the fields that it asks for."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext, ngettext
from rest_framework.exceptions import APIException

from recommendations.search.filters.values import named, shown

if TYPE_CHECKING:
    from django.http import QueryDict

    from recommendations.api.resources import Resource
    from recommendations.search.filters.values import Rows

PAGE_SIZE = 50
# The longest key is a reference; a cursor holds one.
CURSOR_MAX = 1_000
POSITION_MAX = 2**31 - 1
Key = str | int


class Unreadable(APIException):
    """400, with sentences for each parameter that makes no sense: `{detail, errors}`, as the lists say it."""

    status_code = 400

    def __init__(self, problems: dict[str, list[str]]) -> None:
        super().__init__()
        detail = gettext("The address asks for something that this list does not have.")
        self.detail: Any = {"detail": detail, "errors": problems}


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place between two rows: right after, or right before, the row with this key."""

    key: Key
    before: bool = False

    def __str__(self) -> str:
        place = json.dumps(["before" if self.before else "after", self.key])
        return base64.urlsafe_b64encode(place.encode()).decode().rstrip("=")


def read_cursor(written: str, kind: type[Key]) -> Cursor | None:
    """The place that a cursor names, or None for one that this API did not make."""
    if len(written) > CURSOR_MAX:
        return None
    try:
        padded = written + "=" * (-len(written) % 4)
        where, key = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        whole = str(key).encode()  # half a character cannot be sent to a database, nor can NUL
        if where not in {"before", "after"} or type(key) is not kind or b"\0" in whole:
            return None
    except (ValueError, TypeError, RecursionError):
        return None
    if isinstance(key, int) and not 0 <= key <= POSITION_MAX:
        return None
    return Cursor(key, where == "before")


class RowQuery:
    """What one address asks of a resource. Raises Unreadable if any part of it makes no sense."""

    controls: tuple[str, ...] = ("fields",)

    def __init__(self, data: QueryDict, resource: Resource) -> None:
        self.data = data
        self.resource = resource
        self.problems: dict[str, list[str]] = {}
        self.read()
        if self.problems:
            raise Unreadable(self.problems)

    def read(self) -> None:
        """Understand every parameter; what makes no sense goes into `problems`."""
        self.refuse_unknown([*self.controls])
        self.fields = self.read_fields()

    def refuse_unknown(self, known: list[str]) -> None:
        """Name the parameters that this address does not have."""
        unknown = [name for name in self.data if name not in known]
        if unknown:
            sentence = ngettext(
                "%(names)s is not a parameter of this address. Allowed: %(allowed)s.",
                "%(names)s are not parameters of this address. Allowed: %(allowed)s.",
                len(unknown),
            )
            sentence %= {"names": named(unknown), "allowed": ", ".join(known)}
            self.problems |= {name[:40] or "(empty)": [sentence] for name in unknown[:20]}

    def read_fields(self) -> set[str]:
        """The fields asked for; none means all."""
        asked = [name.strip() for name in ",".join(self.data.getlist("fields")).split(",") if name.strip()]
        allowed = [column.name for column in self.resource.table.columns if column.json]
        if unknown := [name for name in dict.fromkeys(asked) if name not in allowed]:
            sentence = ngettext(
                "%(names)s is no field here. Allowed: %(allowed)s.",
                "%(names)s are no fields here. Allowed: %(allowed)s.",
                len(unknown),
            )
            self.problems["fields"] = [sentence % {"names": named(unknown), "allowed": ", ".join(allowed)}]
        return set(asked)


class ListQuery(RowQuery):
    """What one address asks of a list."""

    controls = ("fields", "cursor", "page_size")

    def __init__(self, data: QueryDict, resource: Resource, rows: Rows) -> None:
        self.filters = resource.filterset(data, rows)
        super().__init__(data, resource)

    def read(self) -> None:
        self.refuse_unknown([*self.filters.filters, *self.controls])
        self.problems |= self.filters.problems
        self.fields = self.read_fields()
        self.size = self.read_size()
        self.cursor = self.read_place()

    def read_size(self) -> int:
        """How many rows a page holds."""
        value, most = self.data.get("page_size", "").strip(), settings.PER_PAGE_MAX
        if not value:
            return PAGE_SIZE
        if value.isascii() and value.isdigit() and len(value) < 5 and 1 <= int(value) <= most:
            return int(value)
        sentence = gettext("A page holds 1 to %(most)s rows, not %(value)s.")
        self.problems["page_size"] = [sentence % {"most": most, "value": shown(value)}]
        return PAGE_SIZE

    def read_place(self) -> Cursor | None:
        """Where the page begins or ends; None is the beginning."""
        value = self.data.get("cursor", "").strip()
        if not value:
            return None
        kind = int if self.resource.key == "position" else str
        if not (found := read_cursor(value, kind)):
            self.problems["cursor"] = [gettext("This cursor is not one that “next” or “previous” gave.")]
        return found

    def page(self) -> tuple[list[tuple[int, Key]], Cursor | None, Cursor | None]:
        """The ids and keys of one page in order, and the cursors of the pages before and after it."""
        key, cursor = self.resource.key, self.cursor
        rows = self.filters.qs
        back = cursor is not None and cursor.before
        if cursor is not None:
            rows = rows.filter(**{f"{key}__{'lt' if back else 'gt'}": cursor.key})
        rows = rows.order_by(f"-{key}" if back else key).values_list("pk", key)
        found = list(rows[: self.size + 1])
        more, found = len(found) > self.size, found[: self.size]
        if back:
            found.reverse()
        if not found:
            return [], None, None
        before = Cursor(found[0][1], before=True) if (more if back else cursor) else None
        after = Cursor(found[-1][1]) if (cursor if back else more) else None
        return found, before, after

    def pairs(self, cursor: Cursor) -> list[tuple[str, str]]:
        """The parameters of the same list at another place."""
        kept = [(name, value) for name, values in self.data.lists() for value in values if name != "cursor"]
        return [*kept, ("cursor", str(cursor))]
