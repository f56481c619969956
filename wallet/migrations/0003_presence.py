"""The PIN by which a person shows to be there."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("parties", "0004_find_store"),
        ("wallet", "0002_schema"),
    ]

    operations = [
        migrations.CreateModel(
            name="PresencePin",
            fields=[
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("secret_hash", models.CharField(max_length=128)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("set_at", models.DateTimeField()),
                ("tried_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "wallet_presence_pin",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("tries__lte", 5)), name="presence_pin_tries_are_few"
                    )
                ],
            },
        ),
    ]
