"""The base of every public view, which only allows reading."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import View

from recommendations.core.error_pages import error_response

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


# No form needs CSRF protection here, which would answer a POST with 403 instead of 405.
@method_decorator(csrf_exempt, name="dispatch")
class ReadOnlyView(View):
    """Answers GET, HEAD and OPTIONS; any other method is refused with 405 and a sentence."""

    http_method_names = ["get", "head", "options"]

    def http_method_not_allowed(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Return 405 with the allowed methods."""
        allowed = super().http_method_not_allowed(request, *args, **kwargs)["Allow"]
        response = error_response(
            request,
            HTTPStatus.METHOD_NOT_ALLOWED,
            gettext("This address can only be read; the methods it answers are %(methods)s.")
            % {"methods": allowed},
        )
        response["Allow"] = allowed
        return response
