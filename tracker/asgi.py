"""The ASGI application."""

from django.core.asgi import get_asgi_application

from tracker.start import start

application = start("tracker.asgi", get_asgi_application)
