"""Uploaded files: what is let in, and in what shape. Every form that takes a file calls `receive`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadhandler import FileUploadHandler
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from recommendations.core import sandbox
from recommendations.core.cleaning.__main__ import LIMITS
from recommendations.core.cleaning.kinds import Kind, recognise
from recommendations.core.cleaning.reasons import Reason, UncleanError
from recommendations.core.viewer import viewer_of
from recommendations.importing import files as importing_files

if TYPE_CHECKING:
    from django.core.files.base import File

CHILD = "recommendations.core.cleaning"
SENTENCES = {
    Reason.BROKEN: gettext_lazy("The file is broken or not what it seems; save it anew and try again."),
    Reason.ENCRYPTED: gettext_lazy(
        "The file is encrypted, so what it tells about its makers cannot be removed; save it without a"
        " password."
    ),
    Reason.PIXELS: gettext_lazy("The picture has {detail} pixels, which is too many; make it smaller."),
    Reason.PAGES: gettext_lazy(
        "The PDF has {detail} pages, which is too many; upload the pages that matter."
    ),
    Reason.UNPACKED: gettext_lazy("The document is too large once it is unpacked; save it as PDF."),
    Reason.MACROS: gettext_lazy("The document holds macros; save it as DOCX without them, or as PDF."),
    Reason.EMBEDDED: gettext_lazy("The document holds other files inside; save it as PDF."),
    Reason.FETCHES: gettext_lazy(
        "The document fetches something from elsewhere when it is opened (field {detail}); save it as PDF."
    ),
    Reason.PICTURE: gettext_lazy(
        "The document holds a drawing ({detail}) that cannot be looked through; save it as PDF."
    ),
}
TAKEN = gettext_lazy("PDF, PNG, JPEG, WebP, DOCX and plain text (UTF-8)")
HELP = format_lazy(
    gettext_lazy(
        "{types}, up to {size} MB. Its name and what it tells about its makers (place, camera, author) are"
        " taken out."
    ),
    types=TAKEN,
    size=settings.UPLOAD_MAX_MB,
)


def size_max() -> int:
    """The largest file that is taken, in bytes."""
    return int(settings.UPLOAD_MAX_MB) * 1024 * 1024


def receive(upload: File[bytes]) -> File[bytes]:
    """The file as it is kept; a ValidationError in one sentence for what is refused.

    The type is read from the content. What the file tells about its makers is taken out
    (`recommendations/core/cleaning/`), and the name it came with is not kept, for it may name people.
    """
    if upload.size > size_max():
        sentence = _("The file is larger than {size}.")
        raise ValidationError(sentence.format(size=filesizeformat(size_max())), code="too_large")
    upload.seek(0)
    content = upload.read()
    if not content:
        raise ValidationError(_("The file is empty."), code="empty")
    kind = recognise(content)
    if not isinstance(kind, Kind):
        raise ValidationError(_refusal(kind), code="unknown_type")
    return ContentFile(_cleaned(kind, content), name=f"evidence.{kind}")


def _refusal(name: str) -> str:
    if not name:
        return _("The type of the file is not known; only {types} are taken.").format(types=TAKEN)
    return _("The file is of the type {name}; only {types} are taken.").format(name=name, types=TAKEN)


def _cleaned(kind: Kind, content: bytes) -> bytes:
    """The content without what it tells by the way; text holds nothing but its words."""
    if kind == Kind.TEXT:
        return content
    try:
        return sandbox.run(CHILD, kind, limits=LIMITS, data=content)
    except sandbox.RefusedError as refusal:
        unclean = UncleanError.read(str(refusal))
        sentence = str(SENTENCES[unclean.reason]).format(detail=unclean.detail)
        raise ValidationError(sentence, code=unclean.reason) from None
    except (sandbox.OverrunError, sandbox.CrashedError):
        sentence = _(
            "The file takes too long or too much memory to look through; make it smaller or simpler."
        )
        raise ValidationError(sentence, code="too_heavy") from None


class CutAtLimit(FileUploadHandler):
    """Throws away what comes beyond the largest file that is taken, so that no upload fills the disk.

    What is kept is larger than the limit, so that whoever receives it refuses it with a sentence. Only
    editors, where they bring in documents and tables, may send more than evidence.
    """

    def handle_raw_input(self, *_args: Any, **_kwargs: Any) -> None:
        """Before anything is read: how much is taken from this person at this address."""
        self.most = size_max()
        request = self.request
        if request is not None and request.path == reverse("desk_imports"):
            user = getattr(request, "user", None)
            if user is not None and viewer_of(user).edits:
                self.most = importing_files.size_max()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """The data for the handlers that keep it, or nothing."""
        return raw_data if start <= self.most else None

    def file_complete(self, file_size: int) -> None:
        """The next handlers keep the file."""
