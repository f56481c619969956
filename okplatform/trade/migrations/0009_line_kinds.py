"""Lines say what they are of: goods, a deposit, returned empties, a tip; and a minimum age."""

from django.db import migrations, models
from django.db.models import F, Q

from okplatform.kernel.sqlfile import run_sql

KINDS = [
    ("goods", "goods"),
    ("deposit", "deposit"),
    ("deposit_return", "returned empties"),
    ("tip", "tip"),
]


class Migration(migrations.Migration):
    dependencies = [("trade", "0008_tills")]

    operations = [
        migrations.RemoveConstraint("saleline", "line_paid_is_gross_less_discount"),
        migrations.RemoveConstraint("saleline", "line_vat_is_contained_in_paid"),
        migrations.AddField(
            "saleline",
            "kind",
            models.CharField(choices=KINDS, db_default="goods", default="goods", max_length=14),
        ),
        migrations.AddField(
            "saleline", "minimum_age", models.SmallIntegerField(db_default=0, default=0)
        ),
        migrations.AddConstraint(
            "saleline",
            models.CheckConstraint(
                condition=Q(paid=F("gross") - F("discount"), discount__gte=0)
                & (Q(paid__gte=0) | Q(kind="deposit_return")),
                name="line_paid_is_gross_less_discount",
            ),
        ),
        migrations.AddConstraint(
            "saleline",
            models.CheckConstraint(
                condition=Q(vat_rate_bp__range=(0, 10_000))
                & (
                    Q(vat__gte=0, vat__lte=F("paid"))
                    | Q(kind="deposit_return", vat__lte=0, vat__gte=F("paid"))
                ),
                name="line_vat_is_contained_in_paid",
            ),
        ),
        migrations.AddConstraint(
            "saleline",
            models.CheckConstraint(
                condition=Q(kind="goods")
                | Q(discount=0, points=0)
                & (
                    Q(kind="deposit") | Q(kind="deposit_return", paid__lte=0) | Q(kind="tip", vat=0)
                ),
                name="line_beside_goods_is_plain",
            ),
        ),
        migrations.AddConstraint(
            "saleline",
            models.CheckConstraint(
                condition=Q(minimum_age__range=(0, 25)), name="line_minimum_age_is_some_years"
            ),
        ),
        run_sql(__file__, "line_kinds"),
    ]
