"""Goods that were paid with points come back without money."""

from django.db import migrations, models

from okplatform.kernel.sqlfile import run_sql


class Migration(migrations.Migration):
    dependencies = [("trade", "0005_product_warranty")]

    operations = [
        migrations.RemoveConstraint(model_name="return", name="return_gives_something_back"),
        migrations.AddConstraint(
            model_name="return",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("amount__gte", 0), ("vat__gte", 0), ("vat__lte", models.F("amount"))
                ),
                name="return_gives_no_less_than_nothing",
            ),
        ),
        run_sql(__file__, "spending"),
    ]
