"""What every admin page of the tracker shares."""

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

# How many of the records that stand in the way of a deletion are named.
BLOCKERS_SHOWN = 20


def excerpt(text: str, length: int = 90) -> str:
    """The beginning of a text, on one line."""
    return Truncator(" ".join(text.split())).chars(length)


def mark(word: StrOrPromise, symbol: str, kind: str) -> SafeString:
    """A word with a symbol, coloured by kind: never the colour alone."""
    return format_html(
        '<span class="mark mark-{}"><span aria-hidden="true">{}</span> {}</span>', kind, symbol, word
    )


def public_mark(is_public: bool) -> SafeString:
    """Public or draft, at a glance."""
    return mark(gettext("Public"), "●", "public") if is_public else mark(gettext("Draft"), "○", "draft")


def with_related(rows: Any, relations: tuple[str, ...]) -> Any:
    """Join these relations; without any, `select_related()` would join them all."""
    return rows.select_related(*relations) if relations else rows


def linked_only(named: list[Any]) -> list[Any]:
    """A tree of what goes with a row, without what the admin has no page for: it may be private.

    Django names such rows in plain text, and those with a page in a link; children follow in a list.
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
    """Autocompletes that cost no query for what is loaded, labelled as the other end's admin does."""

    formfield_overrides = {
        models.URLField: {"assume_scheme": "https"},
        # Django's shows a link to the present file; uploads have no open address.
        models.FileField: {"widget": FileInput},
    }

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """An autocomplete for each relation that is declared as one."""
        target = self.admin_site._registry.get(db_field.remote_field.model)  # type: ignore[attr-defined]
        if db_field.name in self.get_autocomplete_fields(request):  # type: ignore[attr-defined]
            kwargs.setdefault("widget", Autocomplete(db_field, self.admin_site))  # type: ignore[attr-defined]
            kwargs.setdefault("queryset", target.get_queryset(request))
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]
        if field and hasattr(target, "choice_label"):
            field.label_from_instance = target.choice_label
        return field

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Label the choices as their own admin does."""
        target = self.admin_site._registry.get(db_field.remote_field.model)  # type: ignore[attr-defined]
        field = super().formfield_for_manytomany(db_field, request, **kwargs)  # type: ignore[misc]
        if field and hasattr(target, "choice_label"):
            field.label_from_instance = target.choice_label
        return field


class RowsChangeList(ChangeList):
    """A list that hands the rows of its page, and only those, to the admin's `prepare_rows`."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        rows = list(self.result_list)
        self.model_admin.prepare_rows(rows)  # type: ignore[attr-defined]
        self.result_list = rows


class TrackerAdmin(TrackerFields, SimpleHistoryAdmin):  # type: ignore[misc]
    """An admin with history, autocompletes, kind refusals, and no overwriting of another's edit."""

    form = VersionedForm
    # Relations that `str()` and `choice_label` of a row read.
    select_related: tuple[str, ...] = ()
    list_per_page = 50
    # No "show all" of 50,000 rows; nor a second count of the whole table beside that of the matches.
    list_max_show_all = 200
    show_full_result_count = False
    object_history_template = "admin/tracker/history.html"
    object_history_list_template = "admin/tracker/history_list.html"
    object_history_form_template = "admin/tracker/history_form.html"
    actions: tuple[str, ...] = ("delete_selected",)
    # Fields that the address of the public page is made of: fixed for as long as that page can be opened.
    address_fields: tuple[str, ...] = ()

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """As declared, and what the address of a public page is made of: others may have cited it."""
        fixed = self.address_fields if obj is not None and self.is_public(obj) else ()
        return (*super().get_readonly_fields(request, obj), *fixed)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """The address of a public page does not change by going back to a former version either."""
        if change and self.address_fields and self.is_public(obj):
            stored = self.model._base_manager.filter(pk=obj.pk).values(*self.address_fields).get()
            for name, value in stored.items():
                setattr(obj, name, value)
        super().save_model(request, obj, form, change)

    def get_queryset(self, request: HttpRequest) -> Any:
        """All rows, with what their names need."""
        return with_related(super().get_queryset(request), self.select_related)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return RowsChangeList

    @property
    def media(self) -> Any:
        """With the scripts of the autocomplete, which lists use in their filters."""
        return super().media + Autocomplete(self.model._meta.pk, self.admin_site).media

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """Rows with every word in some search field, whatever the case and the script.

        A field written `=number` must be the word. The fields are of the row or of what it refers to,
        so no row is found twice.
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
        """Attach what the columns need to the rows of one page."""

    def choice_label(self, obj: Any) -> str:
        """How a row is named where it is chosen."""
        return str(obj)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """The row; locked while it is being written, so that the check of its version holds."""
        if not is_id(object_id):  # other digits than ours would be taken for a number, too
            return None
        obj = super().get_object(request, object_id, from_field)
        if obj is not None and request.method == "POST":
            lock_for_write()
            self.model._base_manager.select_for_update().order_by("pk").filter(pk=obj.pk).first()
            obj = super().get_object(request, object_id, from_field)
        return obj

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Django's, but not by rows that refer to this one: they may be private, and a filter finds them."""
        referring = {relation.name for relation in self.opts.related_objects}
        if lookup.partition(LOOKUP_SEP)[0] in referring:
            return False
        return bool(super().lookup_allowed(lookup, value, request))

    # Publication and deletion

    def is_public(self, obj: Any) -> bool:
        """Whether the record has a page that the public can open."""
        manager = self.model._default_manager
        return not hasattr(manager, "published") or manager.published().filter(pk=obj.pk).exists()

    def view_on_site(self, obj: Any) -> str | None:
        """The public page, for what is public."""
        return obj.get_absolute_url() if hasattr(obj, "get_absolute_url") and self.is_public(obj) else None

    def why_kept(self, obj: Any) -> str:
        """Why this record cannot be deleted as it is; empty if it can."""
        if getattr(obj, "published", False):
            sentence = gettext("“%(record)s” is public. Make it a draft first; then it can be deleted.")
            return sentence % {"record": obj}
        return ""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Django's, but never for what is public."""
        return super().has_delete_permission(request, obj) and (obj is None or not self.why_kept(obj))

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Say kindly why a record that the user might delete stays."""
        obj = self.find(request, object_id)
        if obj is not None and super().has_delete_permission(request, obj) and (why := self.why_kept(obj)):
            return self.back_to_record(request, obj, why)
        response: HttpResponse = super().delete_view(request, object_id, extra_context)
        return response

    def find(self, request: HttpRequest, object_id: str) -> Any:
        """The row with the id in the address, if there is one that this person may see."""
        object_id = unquote(object_id)
        return self.get_queryset(request).filter(pk=object_id).first() if is_id(object_id) else None

    def back_to_record(self, request: HttpRequest, obj: Any, why: str) -> HttpResponse:
        """Show the record with the reason for which nothing was done."""
        self.message_user(request, why, messages.ERROR)
        return HttpResponseRedirect(self.address("change", obj.pk))

    def address(self, page: str, *args: Any) -> str:
        """The address of one of this model's admin pages."""
        opts = self.model._meta
        return reverse(f"admin:{opts.app_label}_{opts.model_name}_{page}", args=args)

    @admin.action(permissions=["delete"], description=_("Delete selected %(verbose_name_plural)s"))
    def delete_selected(self, request: HttpRequest, queryset: Any) -> Any:
        """Django's, after a refusal that names what is public."""
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
        """Name the records that stand in the way, a few of each kind, before the whole tree is loaded."""
        blockers = list(self._blockers(objs, request))
        if blockers:
            return [], {}, set(), blockers
        named, counts, *rest = super().get_deleted_objects(objs, request)
        known = {model._meta.verbose_name_plural for model in self.admin_site._registry}
        return linked_only(named), {name: number for name, number in counts.items() if name in known}, *rest

    def _blockers(self, objs: Any, request: HttpRequest) -> Iterable[str]:
        """Rows that refer to these: by a protected key, or by a many-to-many, which protects nothing.

        What this person may not see is counted and not named.
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
        """The actions offered on the record's own page: (name of the action, label)."""
        return []

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, obj: Any = None, **kwargs: Any
    ) -> HttpResponse:
        """Django's, with the page's own actions."""
        context["page_actions"] = self.page_actions(request, obj) if obj else []
        response: HttpResponse = super().render_change_form(request, context, *args, obj=obj, **kwargs)
        return response

    # History

    def visible_history(self, request: HttpRequest, rows: Any) -> Any:
        """Which of these former versions this person may read."""
        return rows

    def get_history_queryset(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """The former versions that are listed."""
        return self.visible_history(request, super().get_history_queryset(request, *args, **kwargs))

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """What became of the record, also after it was deleted."""
        if not is_id(unquote(object_id)):
            raise Http404
        response: HttpResponse = super().history_view(request, object_id, extra_context)
        return response

    def history_form_view(
        self, request: HttpRequest, object_id: str, version_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """A former version; going back to it takes the right to change (simple_history asks for less)."""
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
        """Whether this user may not go back to a former version of this record."""
        return not self.has_change_permission(request, obj)


class TrackerInline(TrackerFields, admin.TabularInline):  # type: ignore[type-arg,misc]
    """Rows edited on the page of what they belong to."""

    form = AdminForm
    extra = 0
    view_on_site = False
    show_change_link = True
    # Relations that the rows' names read.
    select_related: tuple[str, ...] = ()

    def get_queryset(self, request: HttpRequest) -> Any:
        """The rows, with what their names need."""
        return with_related(super().get_queryset(request), self.select_related)


class AddOnlyInline(TrackerInline):
    """Rows that are shown, and can be added to; each is changed on its own page, if at all."""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
