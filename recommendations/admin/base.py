"""Base classes of the tracker's admin pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.contrib.admin.actions import delete_selected
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Q
from django.db.models.constants import LOOKUP_SEP
from django.forms import FileInput
from django.http import Http404, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from simple_history.admin import SimpleHistoryAdmin

from recommendations.actions.forms import AdminForm, VersionedForm
from recommendations.core.autocomplete import Autocomplete
from recommendations.core.http import is_id
from recommendations.models.listing import lock_for_write
from recommendations.search.text.substring_search import LENGTH_MAX, WORDS_MAX, contains, words_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpRequest, HttpResponse
    from django_stubs_ext import StrOrPromise

# Maximum number of records listed by name that block a deletion.
BLOCKERS_SHOWN = 20


def excerpt(text: str, length: int = 90) -> str:
    """Return the beginning of a text on one line, at most `length` characters."""
    return Truncator(" ".join(text.split())).chars(length)


def mark(word: StrOrPromise, symbol: str, kind: str) -> SafeString:
    """Return a word with a symbol and a colour by `kind`; colour alone would not be accessible."""
    return format_html(
        '<span class="mark mark-{}"><span aria-hidden="true">{}</span> {}</span>', kind, symbol, word
    )


def public_mark(is_public: bool) -> SafeString:
    """Return the mark of a public record or a draft."""
    return mark(gettext("Public"), "●", "public") if is_public else mark(gettext("Draft"), "○", "draft")


def with_related(rows: Any, relations: tuple[str, ...]) -> Any:
    """Apply `select_related` if there are relations; without arguments it would join all of them."""
    return rows.select_related(*relations) if relations else rows


def linked_only(named: list[Any]) -> list[Any]:
    """Return the tree of objects deleted with a row, without those that have no admin page.

    Those may be private. Django lists objects with an admin page as links (SafeString) and others as plain
    text; a nested list holds the children of the item before it.
    """
    found: list[Any] = []
    kept = True
    for each in named:
        if isinstance(each, list):
            if kept and (below := linked_only(each)):
                found.append(below)
            continue
        kept = isinstance(each, SafeString)
        if kept:
            found.append(each)
    return found


class TrackerFields:
    """Autocomplete fields that use loaded rows without a query, labelled by the target's `choice_label`."""

    formfield_overrides = {
        models.URLField: {"assume_scheme": "https"},
        # Django's widget links to the current file, but uploads have no public URL.
        models.FileField: {"widget": FileInput},
    }

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Use Autocomplete for the fields in `autocomplete_fields`, and label the choices."""
        target = self.admin_site._registry.get(db_field.remote_field.model)  # type: ignore[attr-defined]  # defined by the admin class
        if db_field.name in self.get_autocomplete_fields(request):  # type: ignore[attr-defined]  # defined by the admin class
            kwargs.setdefault("widget", Autocomplete(db_field, self.admin_site))  # type: ignore[attr-defined]  # defined by the admin class
            kwargs.setdefault("queryset", target.get_queryset(request))
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]  # defined by the admin class
        if field and hasattr(target, "choice_label"):
            field.label_from_instance = target.choice_label
        return field

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Label the choices by the `choice_label` of their model's admin."""
        target = self.admin_site._registry.get(db_field.remote_field.model)  # type: ignore[attr-defined]  # defined by the admin class
        field = super().formfield_for_manytomany(db_field, request, **kwargs)  # type: ignore[misc]  # defined by the admin class
        if field and hasattr(target, "choice_label"):
            field.label_from_instance = target.choice_label
        return field


class RowsChangeList(ChangeList):
    """A change list that passes the rows of the current page to the admin's `prepare_rows`."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        rows = list(self.result_list)
        self.model_admin.prepare_rows(rows)  # type: ignore[attr-defined]  # every admin with this list has it
        self.result_list = rows


class TrackerAdmin(TrackerFields, SimpleHistoryAdmin):  # type: ignore[misc]  # simple_history has no types
    """An admin with history, autocompletes, explained refusals and protection against overwriting edits."""

    form = VersionedForm
    # Relations needed by `str()` and `choice_label`.
    select_related: tuple[str, ...] = ()
    list_per_page = 50
    # Tables may have 50,000 rows: no "show all", and no count of the whole table besides the matches.
    list_max_show_all = 200
    show_full_result_count = False
    object_history_template = "admin/tracker/history.html"
    object_history_list_template = "admin/tracker/history_list.html"
    object_history_form_template = "admin/tracker/history_form.html"
    actions: tuple[str, ...] = ("delete_selected",)
    # Fields that form the public page's URL; read-only while the record is public.
    address_fields: tuple[str, ...] = ()

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Add `address_fields` for public records, because their URLs may have been cited."""
        fixed = self.address_fields if obj is not None and self.is_public(obj) else ()
        return (*super().get_readonly_fields(request, obj), *fixed)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Keep `address_fields` of a public record, also when reverting to an earlier version."""
        if change and self.address_fields and self.is_public(obj):
            stored = self.model._base_manager.filter(pk=obj.pk).values(*self.address_fields).get()
            for name, value in stored.items():
                setattr(obj, name, value)
        super().save_model(request, obj, form, change)

    def get_queryset(self, request: HttpRequest) -> Any:
        """Return all rows, joined with `select_related`."""
        return with_related(super().get_queryset(request), self.select_related)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return RowsChangeList

    @property
    def media(self) -> Any:
        """Add the autocomplete scripts, which lists use in their filters."""
        return super().media + Autocomplete(self.model._meta.pk, self.admin_site).media

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """Return rows in which each word occurs in some search field, ignoring case in any script.

        A field written as `=number` must equal the word. Search fields follow only foreign keys, so no row is
        returned twice.
        """
        exact = [name[1:] for name in self.search_fields if name.startswith("=")]
        within = [name for name in self.search_fields if not name.startswith("=")]
        for word in words_of(search_term[:LENGTH_MAX])[:WORDS_MAX]:
            match = contains(word, within)
            for name in exact:
                match |= Q(**{f"{name}__folded": word})
            queryset = queryset.filter(match)
        return queryset, False

    def prepare_rows(self, rows: list[Any]) -> None:
        """Hook: attach data that the columns need to the rows of one page."""

    def choice_label(self, obj: Any) -> str:
        """Return the label of a row in choice fields."""
        return str(obj)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Return the row; on POST lock it, so that the version check holds until the save."""
        if not is_id(object_id):  # int() would also accept non-ASCII digits
            return None
        obj = super().get_object(request, object_id, from_field)
        if obj is not None and request.method == "POST":
            lock_for_write()
            self.model._base_manager.select_for_update().order_by("pk").filter(pk=obj.pk).first()
            obj = super().get_object(request, object_id, from_field)
        return obj

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Forbid lookups through reverse relations, which would reveal private rows."""
        referring = {relation.name for relation in self.opts.related_objects}
        if lookup.partition(LOOKUP_SEP)[0] in referring:
            return False
        return bool(super().lookup_allowed(lookup, value, request))

    # Publication and deletion

    def is_public(self, obj: Any) -> bool:
        """True if the record has a public page."""
        manager = self.model._default_manager
        return not hasattr(manager, "published") or manager.published().filter(pk=obj.pk).exists()

    def view_on_site(self, obj: Any) -> str | None:
        """Return the URL of the public page, or None if the record is not public."""
        return obj.get_absolute_url() if hasattr(obj, "get_absolute_url") and self.is_public(obj) else None

    def why_kept(self, obj: Any) -> str:
        """Return why this record cannot be deleted now; "" if it can."""
        if getattr(obj, "published", False):
            sentence = gettext("“%(record)s” is public. Make it a draft first; then it can be deleted.")
            return sentence % {"record": obj}
        return ""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Deny deletion of records that `why_kept` protects, such as public ones."""
        return super().has_delete_permission(request, obj) and (obj is None or not self.why_kept(obj))

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Explain why a record cannot be deleted, to users with the permission to delete it."""
        obj = self.find(request, object_id)
        if obj is not None and super().has_delete_permission(request, obj) and (why := self.why_kept(obj)):
            return self.back_to_record(request, obj, why)
        response: HttpResponse = super().delete_view(request, object_id, extra_context)
        return response

    def find(self, request: HttpRequest, object_id: str) -> Any:
        """Return the row with the id from the URL if this person may see it, else None."""
        object_id = unquote(object_id)
        return self.get_queryset(request).filter(pk=object_id).first() if is_id(object_id) else None

    def back_to_record(self, request: HttpRequest, obj: Any, why: str) -> HttpResponse:
        """Redirect to the record with an error message that says why nothing was done."""
        self.message_user(request, why, messages.ERROR)
        return HttpResponseRedirect(self.address("change", obj.pk))

    def address(self, page: str, *args: Any) -> str:
        """Return the URL of one of this model's admin pages."""
        opts = self.model._meta
        return reverse(f"admin:{opts.app_label}_{opts.model_name}_{page}", args=args)

    @admin.action(permissions=["delete"], description=_("Delete selected %(verbose_name_plural)s"))
    def delete_selected(self, request: HttpRequest, queryset: Any) -> Any:
        """Refuse if protected records are selected, naming some of them; else call Django's action."""
        kept = [obj for obj in queryset[:1000] if self.why_kept(obj)]
        if kept:
            named = ", ".join(str(obj) for obj in kept[:5]) + (" …" if len(kept) > 5 else "")
            sentence = ngettext(
                "Nothing was deleted. %(n)s of the selected is public: %(names)s.",
                "Nothing was deleted. %(n)s of the selected are public: %(names)s.",
                len(kept),
            )
            self.message_user(request, sentence % {"n": len(kept), "names": named}, messages.ERROR)
            return None
        return delete_selected(self, request, queryset)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Return only the blocking records, if any, before loading the whole tree of objects to delete."""
        blockers = list(self._blockers(objs, request))
        if blockers:
            return [], {}, set(), blockers
        named, counts, *rest = super().get_deleted_objects(objs, request)
        known = {model._meta.verbose_name_plural for model in self.admin_site._registry}
        return linked_only(named), {name: number for name, number in counts.items() if name in known}, *rest

    def _blockers(self, objs: Any, request: HttpRequest) -> Iterable[str]:
        """Yield descriptions of rows that refer to these by a PROTECT key or a plain many-to-many field.

        Rows that this person may not see are counted but not named.
        """
        for relation in self.model._meta.related_objects:
            plain_many = relation.many_to_many and relation.through._meta.auto_created
            if not plain_many and relation.on_delete is not models.PROTECT:
                continue
            rows = relation.related_model._base_manager.filter(**{f"{relation.field.name}__in": objs})
            count = rows.count()
            if not count:
                continue
            target = self.admin_site._registry.get(relation.related_model)
            seen = target.get_queryset(request).filter(pk__in=rows.values("pk")) if target else rows.none()
            named = list(seen[:BLOCKERS_SHOWN])
            for row in named:
                yield f"{capfirst(row._meta.verbose_name)}: {row}"
            if count > len(named):
                more = {"number": count - len(named), "records": rows.model._meta.verbose_name_plural}
                sentence = gettext("… and %(number)s more %(records)s") if named else "%(number)s %(records)s"
                yield sentence % more

    def page_actions(self, request: HttpRequest, obj: Any) -> list[tuple[str, StrOrPromise]]:
        """Return the actions offered on the record's own page as (name, label) pairs."""
        return []

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, obj: Any = None, **kwargs: Any
    ) -> HttpResponse:
        """Add `page_actions` to the context."""
        context["page_actions"] = self.page_actions(request, obj) if obj else []
        response: HttpResponse = super().render_change_form(request, context, *args, obj=obj, **kwargs)
        return response

    # History

    def visible_history(self, request: HttpRequest, rows: Any) -> Any:
        """Filter history rows to those that this person may read."""
        return rows

    def get_history_queryset(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Return the history rows to list."""
        return self.visible_history(request, super().get_history_queryset(request, *args, **kwargs))

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Show the history of a record, also after its deletion."""
        if not is_id(unquote(object_id)):
            raise Http404
        response: HttpResponse = super().history_view(request, object_id, extra_context)
        return response

    def history_form_view(
        self, request: HttpRequest, object_id: str, version_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """Show an earlier version; reverting needs the change permission (simple_history requires less)."""
        obj = self.find(request, object_id)
        if not is_id(version_id) or obj is None:
            raise Http404
        if not self.visible_history(request, self.model.history.filter(pk=version_id)).exists():
            raise Http404
        if request.method == "POST" and self.revert_disabled(request, obj):
            raise PermissionDenied
        response: HttpResponse = super().history_form_view(request, object_id, version_id, extra_context)
        return response

    def revert_disabled(self, request: HttpRequest, obj: Any = None) -> bool:
        """True if this user may not revert this record to an earlier version."""
        return not self.has_change_permission(request, obj)


class TrackerInline(TrackerFields, admin.TabularInline):  # type: ignore[type-arg,misc]  # ModelAdmin's is wider; cannot be subscripted at run time
    """Rows edited on the page of their parent."""

    form = AdminForm
    extra = 0
    view_on_site = False
    show_change_link = True
    # Relations needed by `str()` of the rows.
    select_related: tuple[str, ...] = ()

    def get_queryset(self, request: HttpRequest) -> Any:
        """Return the rows, joined with `select_related`."""
        return with_related(super().get_queryset(request), self.select_related)


class AddOnlyInline(TrackerInline):
    """Rows that can be added but not changed or deleted inline."""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
