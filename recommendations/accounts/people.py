"""Pages on which administrators manage people and invitations."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Prefetch, Subquery
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, TemplateView

from recommendations.accounts import services
from recommendations.accounts.emails import send_details_changed, send_factor_removed, send_invitation
from recommendations.accounts.middleware import SECOND_FACTORS
from recommendations.accounts.people_forms import InviteForm, PersonForm
from recommendations.accounts.views import DeskView
from recommendations.core.paging import paged
from recommendations.core.roles import Role
from recommendations.models import AccountEvent, Invitation, Membership

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse

PER_PAGE = 50
# Number of history lines shown for one person.
HISTORY_MAX = 200


def people() -> QuerySet[User]:
    """Return all accounts with `has_second_factor`, `session_seen_at`, groups and memberships."""
    factors = Authenticator.objects.filter(user=OuterRef("pk"), type__in=SECOND_FACTORS)
    sessions = UserSession.objects.filter(user=OuterRef("pk")).order_by("-last_seen_at")
    memberships = Membership.objects.select_related("organisation")
    return (
        User.objects.annotate(
            has_second_factor=Exists(factors), session_seen_at=Subquery(sessions.values("last_seen_at")[:1])
        )
        .prefetch_related("groups", Prefetch("memberships", memberships))
        .order_by("-is_active", "first_name", "last_name", "username")
    )


def with_display_fields(person: User) -> User:
    """Set `called`, `roles` (labels), `lacks_second_factor` and `seen_at` on one of `people()`."""
    held = {group.name for group in person.groups.all()}
    roles = [str(label) for value, label in Role.choices if value in held]
    if person.is_superuser:
        roles.append(_("Superuser"))
    needed = person.is_superuser or person.is_staff or held & {*Role.values} - {Role.CONTRIBUTOR}
    seen: list[datetime | None] = [person.session_seen_at, person.last_login]  # type: ignore[attr-defined]  # annotated by people()
    person.called = services.name_of(person)  # type: ignore[attr-defined]  # for the page; no field
    person.roles = roles  # type: ignore[attr-defined]  # for the page; no field
    person.lacks_second_factor = bool(needed) and not person.has_second_factor  # type: ignore[attr-defined]  # annotated by people()
    person.seen_at = max(filter(None, seen), default=None)  # type: ignore[attr-defined]  # for the page; no field
    return person


class AdministratorView(DeskView):
    """A page for administrators."""

    needs = "administers"
    http_method_names = ["get", "head", "options", "post"]
    request: HttpRequest

    @property
    def me(self) -> User:
        """Return the signed-in administrator."""
        return cast("User", self.request.user)


class PersonList(AdministratorView, TemplateView):
    """List all accounts and the invitations not accepted yet."""

    template_name = "accounts/person_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page, rows = paged(self.request, people(), PER_PAGE)
        waiting = Invitation.objects.filter(accepted_at__isnull=True, revoked_at__isnull=True)
        return super().get_context_data(
            page=page,
            people=[with_display_fields(person) for person in rows],
            invitations=waiting.select_related("invited_by").prefetch_related("organisations"),
            now=timezone.now(),
            **kwargs,
        )


def join_address(request: HttpRequest, key: str) -> str:
    """Return the absolute URL that an invited person opens."""
    return request.build_absolute_uri(reverse("desk_join", args=[key]))


class InvitePerson(AdministratorView, FormView):  # type: ignore[type-arg]  # cannot be subscripted at run time
    """Invite one person."""

    template_name = "accounts/invite.html"
    form_class = InviteForm

    def form_valid(self, form: InviteForm) -> HttpResponse:
        asked = form.cleaned_data
        invitation, key = services.invite(asked["email"], asked["role"], asked["organisations"], by=self.me)
        return deliver(self.request, invitation, key)


def deliver(request: HttpRequest, invitation: Invitation, key: str) -> HttpResponse:
    """Mail the link to the invited person, or show it once if the mail fails, to be passed on by hand.

    It is shown in the response itself and not after a redirect, because the key is not stored anywhere.
    """
    address = join_address(request, key)
    if send_invitation(request, invitation, address):
        sent = _("The invitation was sent to %(email)s. It can be accepted for %(days)d days.")
        days = (invitation.expires_at - timezone.now()).days + 1
        messages.success(request, sent % {"email": invitation.email, "days": days})
        return redirect("desk_people")
    return render(request, "accounts/invitation_by_hand.html", {"invitation": invitation, "address": address})


class InvitationAction(AdministratorView):
    """Send an invitation again, or revoke it."""

    http_method_names = ["post"]
    act = "resend"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        invitation = get_object_or_404(Invitation, pk=pk)
        try:
            if self.act == "resend":
                key = services.resend(invitation, by=self.me)
                invitation.refresh_from_db()
                return deliver(request, invitation, key)
            services.revoke(invitation, by=self.me)
        except services.NotOpenError as error:
            messages.error(request, error.message)
        else:
            revoked = _("The invitation of %(email)s was revoked. The address in the mail no longer works.")
            messages.success(request, revoked % {"email": invitation.email})
        return redirect("desk_people")


class PersonDetail(AdministratorView, FormView):  # type: ignore[type-arg]  # cannot be subscripted at run time
    """Edit one person, and show the history of the account."""

    template_name = "accounts/person_detail.html"
    form_class = PersonForm

    @cached_property
    def person(self) -> User:
        """Return the person in the URL. Raise Http404 if there is none."""
        return with_display_fields(get_object_or_404(people(), pk=self.kwargs["pk"]))

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"person": self.person}

    def get_initial(self) -> dict[str, Any]:
        return {
            "name": self.person.called,  # type: ignore[attr-defined]  # for the page; no field
            "email": self.person.email,
            "roles": [group.name for group in self.person.groups.all()],
            "organisations": [each.organisation.slug for each in self.person.memberships.all()],
        }

    def form_valid(self, form: PersonForm) -> HttpResponse:
        asked, before = form.cleaned_data, self.person.email
        try:
            with transaction.atomic():
                moved = services.change_details(self.person, asked["name"], asked["email"], by=self.me)
                services.change_roles(self.person, asked["roles"], by=self.me)
                services.change_organisations(self.person, asked["organisations"], by=self.me)
        except services.LastAdministratorError as error:
            form.add_error("roles", error)
            del self.person  # reload it: the transaction was rolled back
            return self.form_invalid(form)
        if moved:
            send_details_changed(self.request, [before, asked["email"]])
        messages.success(self.request, _("Saved."))
        return redirect("desk_person", pk=self.person.pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        events = AccountEvent.objects.filter(person=self.person).select_related("by")
        if self.person.email:
            events |= AccountEvent.objects.filter(person=None, email=self.person.email).select_related("by")
        return super().get_context_data(
            person=self.person,
            events=events[:HISTORY_MAX],
            sessions=UserSession.objects.filter(user=self.person).count(),
            **kwargs,
        )


class PersonAction(AdministratorView):
    """Perform one action on a person's account, then redirect to their page with a message."""

    http_method_names = ["post"]
    act: Callable[..., None]
    done: Any = ""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        person = get_object_or_404(User, pk=pk)
        try:
            type(self).act(person, by=self.me)
        except ValidationError as error:
            messages.error(request, error.message)
        else:
            messages.success(request, self.done % {"name": services.name_of(person)})
            self.after(person)
        return redirect("desk_person", pk=pk)

    def after(self, person: User) -> None:
        """Hook called after the action succeeded."""


class DeactivatePerson(PersonAction):
    """Deactivate an account; accounts are never deleted, so that what people wrote keeps its author."""

    act = services.deactivate
    done = gettext_lazy("%(name)s can no longer sign in, and was signed out everywhere.")


class ReactivatePerson(PersonAction):
    """Reactivate an account with its previous roles."""

    act = services.reactivate
    done = gettext_lazy("%(name)s can sign in again.")


class EndSessions(PersonAction):
    """Sign a person out everywhere, for example after a phone was lost or stolen."""

    act = services.end_sessions
    done = gettext_lazy("%(name)s was signed out everywhere.")


class RemoveSecondFactor(PersonAction):
    """Remove the second factor of a person who lost both phone and recovery codes."""

    act = services.remove_second_factor
    done = gettext_lazy("The second factor of %(name)s was removed. At the next sign-in a new one is set up.")

    def after(self, person: User) -> None:
        send_factor_removed(self.request, person)
