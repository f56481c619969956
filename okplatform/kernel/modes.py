"""Live and test never meet: every key, person, sale, posting and event belongs to one of them."""

from django.db import models


class Mode(models.TextChoices):
    """Whether a row is about real money or a rehearsal."""

    LIVE = "live"
    TEST = "test"
