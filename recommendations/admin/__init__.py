"""The admin; importing this package registers all models.

User accounts are managed at the desk (`recommendations/accounts/people.py`), which records every change and
protects the last administrator. The models that Django and allauth register for accounts and second factors
are therefore unregistered here.
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
