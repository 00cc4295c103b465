"""Base view of the desk's pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.mixins import AccessMixin
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.generic import View

from recommendations.core.viewer import viewer_of

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from recommendations.core.viewer import Viewer


@method_decorator(never_cache, name="dispatch")
class DeskView(AccessMixin, View):
    """A page for signed-in people; others are redirected to sign in, and people without permission get 403.

    `needs` names the required attribute or property of `Viewer`. Responses are never cached.
    """

    needs = "is_staff"
    viewer: Viewer

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer the request if the viewer has the permission named by `needs`."""
        self.viewer = viewer_of(request.user)
        if not getattr(self.viewer, self.needs):
            # AccessMixin redirects anonymous users to sign in, and raises PermissionDenied for others.
            return self.handle_no_permission()
        return super().dispatch(request, *args, **kwargs)
