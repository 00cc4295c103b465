"""The WSGI application, for gunicorn: `gunicorn --no-control-socket tracker.wsgi`."""

from django.core.wsgi import get_wsgi_application

from tracker.start import start

application = start("tracker.wsgi", get_wsgi_application)
