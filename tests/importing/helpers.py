"""Files to bring in, and the way of one to where people decide."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile

from recommendations.importing import files, jobs

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.http import HttpResponse
    from django.test import Client

    from recommendations.models import Import

SHIPPED = settings.BASE_DIR / "fixtures" / "documents"
SUMMARY = SHIPPED / "004_56ddd66f866fc131.txt"
DIALOGUE = SHIPPED / "000_aa714492c530a688.txt"
HOME = "/desk/import/"

# A short summary, with a party that is here (Known Watch) and one that is not.
TEXT = """UNITED
NATIONS                                                                        A

General Assembly
                                        Distr.
                                        GENERAL
                                        A/HRC/WG.6/7/FRE/3
                                        20 November 2009
                                        Original: ENGLISH

HUMAN RIGHTS COUNCIL
Working Group on the Universal Periodic Review
Seventh session
Geneva, 8-19 February 2010

SUMMARY PREPARED BY THE OFFICE OF THE HIGH COMMISSIONER FOR HUMAN RIGHTS
Kyrgyzstan

I. BACKGROUND AND FRAMEWORK

1. Known Watch (KW) recommended that Kyrgyzstan abolish the death penalty. KW noted that \
courts are slow and that judges are paid late.

2. Human Rights Centre (HRC1) expressed concern about torture in places of detention, and about the \
lack of a national preventive mechanism. KW recommended that Kyrgyzstan ratify the Second Optional Protocol.

3. Human Rights Centre (HRC1) recommended that Kyrgyzstan decriminalize defamation and release \
journalists who are held for their work.
"""


def upload(client: Client, content: bytes | str, name: str = "file.txt") -> HttpResponse:
    """Bring a file in as a browser would."""
    data = content.encode() if isinstance(content, str) else content
    return client.post(HOME, {"file": SimpleUploadedFile(name, data)})  # type: ignore[return-value]  # the test client's answers are that, and more


def brought_in(content: bytes | str = TEXT, name: str = "summary.txt", by: User | None = None) -> Import:
    """An import of this content, read."""
    data = content.encode() if isinstance(content, str) else content
    file = ContentFile(data, name=name)
    file.file = io.BytesIO(data)
    source, _is_new = files.receive(file, made_by=by)
    return worked_on(source)


def worked_on(source: Import) -> Import:
    """After a worker has done its step."""
    jobs.run(source.key)
    source.refresh_from_db()
    return source


def confirmed(source: Import, **values: Any) -> dict[str, Any]:
    """What a person sends who confirms State, review and document."""
    return {
        "state": "FRE",
        "mechanism": "UPR",
        "session": "7",
        "starts_on": "2010-02-01",
        "precision": "month",
        "title": "Summary of stakeholders' submissions",
        "symbol": "A/HRC/WG.6/7/FRE/3",
        **values,
    }
