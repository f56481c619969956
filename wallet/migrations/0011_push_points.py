"""Reminders of points that end; who hears of cards that end hears of these."""

from django.conf import settings
from django.db import migrations, models

TELL = """
UPDATE wallet_push_settings SET kinds = array_append(kinds, 'points') WHERE 'card' = ANY (kinds)
"""
BE_SILENT = """
DELETE FROM wallet_push_notice WHERE kind = 'points';
UPDATE wallet_push_settings SET kinds = array_remove(kinds, 'points');
"""


class Migration(migrations.Migration):
    dependencies = [
        ("wallet", "0010_live"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="pushnotice",
            name="push_notice_kind_is_known",
        ),
        migrations.RemoveConstraint(
            model_name="pushsettings",
            name="push_settings_kinds_known",
        ),
        migrations.AlterField(
            model_name="pushnotice",
            name="kind",
            field=models.CharField(
                choices=[
                    ("payment", "payment"),
                    ("security", "security"),
                    ("receipt", "receipt"),
                    ("card", "card"),
                    ("warranty", "warranty"),
                    ("points", "points"),
                    ("test", "test"),
                ],
                max_length=8,
            ),
        ),
        migrations.RunSQL(TELL, BE_SILENT),
        migrations.AddConstraint(
            model_name="pushnotice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        ["payment", "security", "receipt", "card", "warranty", "points", "test"],
                    )
                ),
                name="push_notice_kind_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="pushsettings",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kinds__contained_by",
                        ["payment", "security", "receipt", "card", "warranty", "points"],
                    )
                ),
                name="push_settings_kinds_known",
            ),
        ),
    ]
