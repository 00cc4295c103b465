"""Following records, issues, stakeholders and saved views, and no longer following them."""

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

# How each kind of target is named in addresses and forms.
KEYS = {"recommendation": "reference", "issue": "path", "stakeholder": "slug", "saved_view": "pk"}
# A longer number is no id of any row.
DIGITS_MAX = 18


def visible(kind: str, viewer: Viewer) -> QuerySet[Any, Any]:
    """Everything of a kind that this person may follow."""
    if kind == "recommendation":
        return Recommendation.objects.published()
    if kind == "issue":
        return Issue.objects.all()
    if kind == "stakeholder":
        return Stakeholder.objects.published() | Stakeholder.objects.filter(pk__in=viewer.organisations)
    return SavedView.objects.filter(owner=viewer.user_id)


@dataclass(frozen=True, slots=True)
class Target:
    """One thing that can be followed, as addresses and forms name it."""

    kind: str
    thing: Model

    @classmethod
    def asked(cls, data: QueryDict, viewer: Viewer) -> Target | None:
        """What an address or form names; None where it names nothing, 404 for what is not there to follow."""
        for kind, key in KEYS.items():
            if value := data.get(kind, ""):
                number = value.isascii() and value.isdigit() and len(value) <= DIGITS_MAX
                if "\x00" in value or (key == "pk" and not number):  # no database looks for such
                    raise Http404
                return cls(kind, get_object_or_404(visible(kind, viewer), **{key: value}))
        return None

    @property
    def key(self) -> str:
        """How the thing is named in an address."""
        return str(getattr(self.thing, KEYS[self.kind]))

    @property
    def address(self) -> str:
        """The page of the desk on which it can be followed; a record's own has the button too."""
        if self.kind == "recommendation":
            return reverse("desk_record", args=[self.key])
        return f"{reverse('desk_follow')}?{urlencode({self.kind: self.key})}"

    def followed_by(self, viewer: Viewer) -> QuerySet[Following]:
        """The row that says that this person follows it, if there is one."""
        return Following.objects.filter(user=viewer.user_id, **{self.kind: self.thing.pk})

    def follow(self, viewer: Viewer) -> None:
        """Follow it; twice is once."""
        assert viewer.user_id is not None  # noqa: S101  (only signed-in people come here)
        if self.followed_by(viewer).exists():
            return
        try:
            with transaction.atomic():
                Following.objects.create(user_id=viewer.user_id, **{f"{self.kind}_id": self.thing.pk})
        except IntegrityError:
            # The other click of a double click was quicker.
            return

    def unfollow(self, viewer: Viewer) -> None:
        """No longer follow it."""
        self.followed_by(viewer).delete()


class Follow(DeskView, TemplateView):
    """One thing with the button to follow it; without one, everything that is followed."""

    template_name = "desk/follow.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page, or the way to the record's own."""
        self.target = Target.asked(request.GET, self.viewer)
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
        """What this person follows: the few by name, the records page by page."""
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
        """Follow or no longer follow; then back to where the button stood."""
        target = Target.asked(request.POST, self.viewer)
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
