"""Every set of terms on which points could be spent."""

import django.db.models.deletion
from django.db import migrations, models

from okplatform.kernel.sqlfile import run_sql


class Migration(migrations.Migration):
    dependencies = [
        ("loyalty", "0022_family_pool"),
        ("parties", "0007_browser_sessions"),
    ]

    operations = [
        migrations.CreateModel(
            name="SpendingVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("terms", models.JSONField()),
                ("back_to", models.IntegerField(null=True)),
                ("put_at", models.DateTimeField()),
                ("starts_at", models.DateTimeField()),
                ("started_at", models.DateTimeField(null=True)),
                (
                    "merchant",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.merchant",
                    ),
                ),
            ],
            options={
                "db_table": "loyalty_spending_version",
                "indexes": [
                    models.Index(
                        fields=["merchant", "-started_at", "-id"], name="spending_version_began"
                    ),
                    models.Index(
                        condition=models.Q(("started_at", None)),
                        fields=["starts_at"],
                        name="spending_version_due",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("started_at", None)),
                        fields=("merchant",),
                        name="spending_version_waits",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("started_at", None),
                            ("started_at__gte", models.F("starts_at")),
                            _connector="OR",
                        ),
                        name="spending_version_starts_in_time",
                    ),
                ],
            },
        ),
        run_sql(__file__, "spending_versions"),
    ]
