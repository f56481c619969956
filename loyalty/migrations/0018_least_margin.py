"""The least margin that offers leave on goods of which the cost is known."""

import django.db.models.deletion
from django.db import migrations, models

from okplatform.kernel.sqlfile import run_sql


class Migration(migrations.Migration):
    dependencies = [
        ("loyalty", "0017_gifts"),
        ("parties", "0007_browser_sessions"),
    ]

    operations = [
        migrations.CreateModel(
            name="LeastMargin",
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
                ("margin_bp", models.IntegerField()),
            ],
            options={
                "db_table": "loyalty_least_margin",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("margin_bp__range", (0, 9000))),
                        name="least_margin_is_a_share",
                    )
                ],
            },
        ),
        run_sql(__file__, "least_margin"),
    ]
