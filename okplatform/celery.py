"""The Celery app: every app's `tasks.py`, scheduled by CELERY_BEAT_SCHEDULE in the settings."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "okplatform.settings.production")

app = Celery("ok")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
# For every thread; the others would make an app of their own, which knows no broker.
app.set_default()
