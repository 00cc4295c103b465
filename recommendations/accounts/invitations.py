"""Accepting an invitation, which is the only way to get an account."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from django.db import IntegrityError
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import FormView

from recommendations.accounts import services
from recommendations.accounts.people_forms import JoinForm
from recommendations.core.roles import MEANINGS, Role

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase


@method_decorator(never_cache, name="dispatch")
@method_decorator(sensitive_post_parameters("password", "again"), name="dispatch")
class AcceptInvitation(FormView):  # type: ignore[type-arg]  # cannot be subscripted at run time
    """Set name and password; unknown, used, revoked and expired keys all get the same 404 page."""

    http_method_names = ["get", "head", "options", "post"]
    template_name = "accounts/join.html"
    form_class = JoinForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Show the form, or the page that explains why there is none."""
        invitation = services.open_invitation(kwargs["key"])
        if invitation is None:
            return self.not_open()
        if request.user.is_authenticated:
            return render(request, "accounts/join_signed_in.html", {"invitation": invitation})
        self.invitation = invitation
        return super().dispatch(request, *args, **kwargs)

    def not_open(self) -> HttpResponse:
        return render(self.request, "accounts/join_not_open.html", status=404)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"email": self.invitation.email}

    def form_valid(self, form: JoinForm) -> HttpResponse:
        asked = form.cleaned_data
        try:
            user = services.accept(self.invitation, asked["name"], asked["password"])
        except (services.NotOpenError, IntegrityError):
            return self.not_open()
        # The password was just entered, so setting up the second factor need not ask for it again.
        record_authentication(self.request, user, method="password", email=user.email)
        response: HttpResponse = perform_login(self.request, user, email=user.email)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        role = Role(self.invitation.role)
        return super().get_context_data(
            invitation=self.invitation,
            meaning=MEANINGS[role],
            second_factor=role != Role.CONTRIBUTOR,
            **kwargs,
        )
