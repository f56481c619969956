"""Bonuses around a birthday."""

from django.db import migrations, models

from okplatform.kernel.sqlfile import run_sql


class Migration(migrations.Migration):
    dependencies = [
        ("loyalty", "0020_connectors"),
        ("parties", "0007_browser_sessions"),
        ("trade", "0007_product_cost"),
        ("wallet", "0012_birthdays"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="bonususe",
            name="bonus_use_kind_is_known",
        ),
        migrations.AlterField(
            model_name="bonususe",
            name="kind",
            field=models.CharField(
                choices=[
                    ("first", "First"),
                    ("referred", "Referred"),
                    ("referrer", "Referrer"),
                    ("birthday", "Birthday"),
                ],
                max_length=8,
            ),
        ),
        migrations.AddConstraint(
            model_name="bonususe",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["first", "referred", "referrer", "birthday"])),
                name="bonus_use_kind_is_known",
            ),
        ),
        run_sql(__file__, "birthdays"),
    ]
