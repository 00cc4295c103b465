"""The settings of a run of `send_digests` in a process of its own: mails become files, and it may die."""

import os

from tests.settings import *  # noqa: F403

EMAIL_BACKEND = "tests.desk.alerts.killing_mail_backend.EmailBackend"
EMAIL_FILE_PATH = os.environ["MAIL_FOLDER"]
SITE_URL = "https://tracker.example.org"
