"""The admin, one file a concern; importing it registers every model.

People are kept at the desk (`recommendations/accounts/people.py`), where every act is in the history and the
last administrator stays; what Django and allauth register for them is taken off. So are the keys of
second factors.
"""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.auth.models import Group, User

from recommendations.admin import (
    evidence,
    follow_up,
    issues,
    links,
    recommendations,
    rules,
    sources,
    stakeholders,
)

__all__ = ["evidence", "follow_up", "issues", "links", "recommendations", "rules", "sources", "stakeholders"]

for _model in (User, Group, EmailAddress, Authenticator, UserSession):
    admin.site.unregister(_model)
