"""What every page of the desk shares."""

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
    """A page for signed-in people: others are sent to sign in; without the right it is 403.

    `needs` names what the viewer must be able to do (a property of `access.Viewer`). No answer is
    kept by any cache.
    """

    needs = "is_staff"
    viewer: Viewer

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Let through who may."""
        self.viewer = viewer_of(request.user)
        if not getattr(self.viewer, self.needs):
            # AccessMixin redirects who is not signed in, and refuses who is.
            return self.handle_no_permission()
        return super().dispatch(request, *args, **kwargs)
