"""The WSGI application: everything but the live streams, for a server of its own in production."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "okplatform.settings.production")

application = get_wsgi_application()
