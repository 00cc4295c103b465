"""The settings of the test run: the demo's, with a fixed key and quick passwords."""

import os

os.environ.setdefault("SECRET_KEY", "a-key-for-tests-only-long-enough-for-every-check")
os.environ.setdefault("TRACKER_DEMO", "1")

from tracker.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ALLOWED_HOSTS = ["*"]
# All tests come from one address; the tests of the limit set it themselves.
API_RATE = 0
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# No process but the test's own sees its database.
IMPORTS_START_AT_ONCE = False
