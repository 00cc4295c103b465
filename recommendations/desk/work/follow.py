"""Follow and unfollow records, issues, stakeholders and saved views."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from recommendations.accounts.views import DeskView
from recommendations.core.paging import paged
from recommendations.desk.work.my_records import rows_of
from recommendations.models import Following, Issue, Recommendation, SavedView, Stakeholder

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet
    from django.http import HttpRequest, HttpResponse, QueryDict

    from recommendations.core.viewer import Viewer

# The field that identifies each kind of target in URLs and forms.
KEYS = {"recommendation": "reference", "issue": "path", "stakeholder": "slug", "saved_view": "pk"}
# Longer numbers cannot be ids in every database.
DIGITS_MAX = 18


def visible(kind: str, viewer: Viewer) -> QuerySet[Any, Any]:
    """Return all objects of a kind that this person may follow."""
    if kind == "recommendation":
        return Recommendation.objects.published()
    if kind == "issue":
        return Issue.objects.all()
    if kind == "stakeholder":
        return Stakeholder.objects.published() | Stakeholder.objects.filter(pk__in=viewer.organisations)
    return SavedView.objects.filter(owner=viewer.user_id)


@dataclass(frozen=True, slots=True)
class Target:
    """An object that can be followed, and its kind."""

    kind: str
    thing: Model

    @classmethod
    def from_data(cls, data: QueryDict, viewer: Viewer) -> Target | None:
        """Return the target named in a query string or form, None if none is named.

        Raises Http404 for a target that does not exist or that the viewer may not follow.
        """
        for kind, key in KEYS.items():
            if value := data.get(kind, ""):
                number = value.isascii() and value.isdigit() and len(value) <= DIGITS_MAX
                if "\x00" in value or (key == "pk" and not number):  # databases reject such values
                    raise Http404
                return cls(kind, get_object_or_404(visible(kind, viewer), **{key: value}))
        return None

    @property
    def key(self) -> str:
        """Return the value that identifies the object in URLs."""
        return str(getattr(self.thing, KEYS[self.kind]))

    @property
    def address(self) -> str:
        """Return the URL of the desk page with the follow button; for a record, its own page."""
        if self.kind == "recommendation":
            return reverse("desk_record", args=[self.key])
        return f"{reverse('desk_follow')}?{urlencode({self.kind: self.key})}"

    def followed_by(self, viewer: Viewer) -> QuerySet[Following]:
        """Return a queryset with the row by which this person follows the object, if any."""
        return Following.objects.filter(user=viewer.user_id, **{self.kind: self.thing.pk})

    def follow(self, viewer: Viewer) -> None:
        """Follow the object; has no effect if it is followed already."""
        assert viewer.user_id is not None  # noqa: S101  (DeskView requires sign-in)
        if self.followed_by(viewer).exists():
            return
        try:
            with transaction.atomic():
                Following.objects.create(user_id=viewer.user_id, **{f"{self.kind}_id": self.thing.pk})
        except IntegrityError:
            # A concurrent request, such as a double click, created the row first.
            return

    def unfollow(self, viewer: Viewer) -> None:
        """Stop following the object."""
        self.followed_by(viewer).delete()


class Follow(DeskView, TemplateView):
    """The follow button of one object; without one, the list of everything the person follows."""

    template_name = "desk/my_work/following.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the page; for a record, redirect to its own page."""
        self.target = Target.from_data(request.GET, self.viewer)
        if self.target is not None and self.target.kind == "recommendation":
            return redirect(self.target.address)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        target = self.target
        if target is None:
            return super().get_context_data(**self.everything(), **kwargs)
        return super().get_context_data(
            target=target,
            thing=target.thing,
            is_followed=target.followed_by(self.viewer).exists(),
            **kwargs,
        )

    def everything(self) -> dict[str, Any]:
        """Return the context of everything this person follows; records are paginated."""
        mine = Following.objects.filter(user=self.viewer.user_id)
        records = mine.filter(
            recommendation__published=True, recommendation__document__published=True
        ).values_list("recommendation", flat=True)
        page, ids = paged(self.request, records)
        return {
            "issues": Issue.objects.filter(followed_by__in=mine).select_related("parent"),
            "stakeholders": visible("stakeholder", self.viewer).filter(followed_by__in=mine),
            "saved_views": visible("saved_view", self.viewer).filter(followed_by__in=mine),
            "rows": rows_of(ids, self.viewer),
            "page": page,
            "today": timezone.localdate(),
        }

    def post(self, request: HttpRequest) -> HttpResponse:
        """Follow or unfollow, then redirect to the page of the button."""
        target = Target.from_data(request.POST, self.viewer)
        if target is None:
            raise Http404
        words = {"name": str(target.thing)}
        if request.POST.get("action") == "unfollow":
            target.unfollow(self.viewer)
            messages.success(request, _("You no longer follow %(name)s.") % words)
        else:
            target.follow(self.viewer)
            messages.success(
                request, _("You follow %(name)s. What happens to it counts as your work.") % words
            )
        back = request.POST.get("next", "")
        safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
        return redirect(back if safe else target.address)
