"""How far each sandbox is ahead of the clock, and since when it is this one."""

import datetime

import django.db.models.deletion
from django.db import migrations, models

from okplatform.kernel.sqlfile import run_sql


class Migration(migrations.Migration):
    dependencies = [
        ("merchants", "0008_certification"),
        ("parties", "0007_browser_sessions"),
    ]

    operations = [
        migrations.CreateModel(
            name="Sandbox",
            fields=[
                (
                    "merchant",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="parties.merchant",
                    ),
                ),
                ("epoch", models.PositiveIntegerField(default=0)),
                ("ahead", models.DurationField(default=datetime.timedelta)),
                ("after_sale", models.BigIntegerField(default=0)),
                ("after_payment", models.BigIntegerField(default=0)),
                ("after_link", models.BigIntegerField(default=0)),
                ("changed_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ahead__gte", datetime.timedelta(0))),
                        name="sandbox_is_not_behind",
                    )
                ],
            },
        ),
        run_sql(__file__, "sandbox"),
    ]
