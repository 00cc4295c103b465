"""Django's command line: `manage.py` in a checkout, `recommendation-tracker` in an installed package.

`demo` switches on the local demo mode; all other commands take their settings from the environment.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

# These commands only read and write files, so they need no SECRET_KEY.
COMMANDS_WITHOUT_SECRETS = {"parse_document", "build_fixtures", "makemigrations"}


def main() -> None:
    """Run the command; on a misconfiguration, exit with one line instead of a traceback."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")
    command = sys.argv[1] if len(sys.argv) > 1 else ""
    if command == "demo":
        os.environ["TRACKER_DEMO"] = "1"
    elif command in COMMANDS_WITHOUT_SECRETS:
        os.environ.setdefault("SECRET_KEY", f"unused-by-{command}")

    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        settings.INSTALLED_APPS  # noqa: B018  (imports the settings)
    except ImproperlyConfigured as error:
        sys.exit(f"{Path(sys.argv[0]).name}: {error}")
    execute_from_command_line(sys.argv)
