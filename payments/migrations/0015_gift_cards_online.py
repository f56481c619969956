"""Gift cards for points, and what is written off on those that expired."""

from django.db import migrations, models
from django.db.models import Q

from okplatform.kernel.sqlfile import run_sql

OUT = ("held", "spent", "taken_back", "moved_out", "lapsed")


class Migration(migrations.Migration):
    dependencies = [
        ("parties", "0007_browser_sessions"),
        ("payments", "0014_gift_cards"),
        ("trade", "0007_product_cost"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="giftcardbooking",
            name="gift_card_booking_kind_is_known",
        ),
        migrations.AlterField(
            model_name="giftcardbooking",
            name="kind",
            field=models.CharField(
                choices=[
                    ("sold", "sold"),
                    ("topped_up", "topped up"),
                    ("held", "set aside"),
                    ("released", "no longer set aside"),
                    ("spent", "spent"),
                    ("refunded", "given back on the card"),
                    ("taken_back", "taken back"),
                    ("moved_out", "moved to a new card"),
                    ("moved_in", "moved from an old card"),
                    ("rewarded", "for points"),
                    ("lapsed", "written off"),
                    ("revived", "brought back"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="giftcardbooking",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "sold",
                            "topped_up",
                            "held",
                            "released",
                            "spent",
                            "refunded",
                            "taken_back",
                            "moved_out",
                            "moved_in",
                            "rewarded",
                            "lapsed",
                            "revived",
                        ],
                    )
                ),
                name="gift_card_booking_kind_is_known",
            ),
        ),
        migrations.RemoveConstraint(
            model_name="giftcardbooking",
            name="gift_card_booking_has_its_sign",
        ),
        migrations.AddConstraint(
            model_name="giftcardbooking",
            constraint=models.CheckConstraint(
                condition=Q(kind__in=OUT, amount__lt=0) | (~Q(kind__in=OUT) & Q(amount__gt=0)),
                name="gift_card_booking_has_its_sign",
            ),
        ),
        run_sql(__file__, "gift_card_breakage"),
    ]
