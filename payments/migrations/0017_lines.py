"""What the phone is asked says what of it is a tip, and how old a yes says to be."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("payments", "0016_load_till"), ("trade", "0009_line_kinds")]

    operations = [
        migrations.AddField("confirmation", "tip", models.BigIntegerField(db_default=0, default=0)),
        migrations.AddField(
            "confirmation", "minimum_age", models.SmallIntegerField(db_default=0, default=0)
        ),
        migrations.AddConstraint(
            "confirmation",
            models.CheckConstraint(
                condition=Q(tip__gte=0, minimum_age__gte=0),
                name="confirmation_says_what_is_in_it",
            ),
        ),
    ]
