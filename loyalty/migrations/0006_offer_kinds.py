"""Offers of other kinds than a percentage, on weekdays and hours; what there is stays one."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("loyalty", "0005_reverse"),
        ("parties", "0007_browser_sessions"),
    ]

    operations = [
        migrations.AddField(
            model_name="offer",
            name="also_references",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=64), default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="offer",
            name="amount",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="offer",
            name="from_minute",
            field=models.SmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="offer",
            name="kind",
            field=models.CharField(
                choices=[
                    ("percentage", "a percentage off"),
                    ("amount_off", "money off"),
                    ("fixed_price", "another price"),
                    ("nth", "every so many, one cheaper or free"),
                    ("set_price", "several for one price"),
                    ("bundle", "together for one price"),
                ],
                default="percentage",
                max_length=11,
            ),
        ),
        migrations.AddField(
            model_name="offer",
            name="most",
            field=models.IntegerField(null=True),
        ),
        migrations.AddField(
            model_name="offer",
            name="pieces",
            field=models.IntegerField(null=True),
        ),
        migrations.AddField(
            model_name="offer",
            name="to_minute",
            field=models.SmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="offer",
            name="weekdays",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.SmallIntegerField(), default=list, size=None
            ),
        ),
        migrations.AlterField(
            model_name="offer",
            name="percentage_bp",
            field=models.IntegerField(null=True),
        ),
        migrations.AddConstraint(
            model_name="offer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        ["percentage", "amount_off", "fixed_price", "nth", "set_price", "bundle"],
                    )
                ),
                name="offer_kind_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="offer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("amount__isnull", True),
                        ("kind", "percentage"),
                        ("percentage_bp__isnull", False),
                        ("pieces__isnull", True),
                        ("also_references__len", 0),
                    ),
                    models.Q(
                        ("amount__isnull", False),
                        ("kind", "amount_off"),
                        ("percentage_bp__isnull", True),
                        ("pieces__isnull", True),
                        ("also_references__len", 0),
                    ),
                    models.Q(
                        ("amount__isnull", False),
                        ("kind", "fixed_price"),
                        ("percentage_bp__isnull", True),
                        ("pieces__isnull", True),
                        ("also_references__len", 0),
                    ),
                    models.Q(
                        ("amount__isnull", True),
                        ("kind", "nth"),
                        ("percentage_bp__isnull", False),
                        ("pieces__isnull", False),
                        ("also_references__len", 0),
                    ),
                    models.Q(
                        ("amount__isnull", False),
                        ("kind", "set_price"),
                        ("percentage_bp__isnull", True),
                        ("pieces__isnull", False),
                        ("also_references__len", 0),
                    ),
                    models.Q(
                        ("amount__isnull", False),
                        ("kind", "bundle"),
                        ("percentage_bp__isnull", True),
                        ("pieces__isnull", True),
                        models.Q(("also_references__len", 0), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="offer_has_its_kinds_numbers",
            ),
        ),
        migrations.AddConstraint(
            model_name="offer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ("percentage", "amount_off")),
                    models.Q(("target", "basket"), _negated=True),
                    _connector="OR",
                ),
                name="offer_on_pieces_names_them",
            ),
        ),
        migrations.AddConstraint(
            model_name="offer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("amount", None), ("amount__gt", 0), _connector="OR"),
                    models.Q(("pieces", None), ("pieces__range", (2, 100)), _connector="OR"),
                    models.Q(
                        ("most", None),
                        models.Q(("most__gt", 0), models.Q(("target", "basket"), _negated=True)),
                        _connector="OR",
                    ),
                ),
                name="offer_numbers_are_positive",
            ),
        ),
        migrations.AddConstraint(
            model_name="offer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("weekdays__contained_by", [0, 1, 2, 3, 4, 5, 6]),
                    models.Q(
                        models.Q(("from_minute", None), ("to_minute", None)),
                        models.Q(
                            ("from_minute__isnull", False),
                            ("to_minute__isnull", False),
                            ("from_minute__range", (0, 1439)),
                            ("to_minute__range", (0, 1440)),
                            models.Q(("from_minute", models.F("to_minute")), _negated=True),
                        ),
                        _connector="OR",
                    ),
                ),
                name="offer_hours_are_hours",
            ),
        ),
    ]
