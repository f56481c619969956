"""Limits per person, offers for new members, and days on which an offer does not count."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from okplatform.kernel.sqlfile import run_sql


class Migration(migrations.Migration):
    dependencies = [
        ("loyalty", "0008_coupons"),
        ("parties", "0007_browser_sessions"),
        ("trade", "0005_product_warranty"),
    ]

    operations = [
        migrations.CreateModel(
            name="MemberOffer",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "member_id",
                        "offer_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="loyalty.member",
                    ),
                ),
                (
                    "merchant",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.merchant",
                    ),
                ),
                (
                    "offer",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="loyalty.offer",
                    ),
                ),
                (
                    "mode",
                    models.CharField(choices=[("live", "Live"), ("test", "Test")], max_length=4),
                ),
                ("uses", models.IntegerField()),
                ("amount", models.BigIntegerField()),
            ],
            options={
                "db_table": "loyalty_member_offer",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount__gte", 0), ("uses__gte", 0)),
                        name="member_offer_counts_what_was_given",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MemberOfferUse",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "sale_id",
                        "offer_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="loyalty.member",
                    ),
                ),
                (
                    "merchant",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.merchant",
                    ),
                ),
                (
                    "offer",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="loyalty.offer",
                    ),
                ),
                (
                    "sale",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="trade.sale",
                    ),
                ),
                (
                    "mode",
                    models.CharField(choices=[("live", "Live"), ("test", "Test")], max_length=4),
                ),
                ("amount", models.BigIntegerField()),
                ("back_amount", models.BigIntegerField(default=0)),
                ("back_uses", models.SmallIntegerField(default=0)),
            ],
            options={
                "db_table": "loyalty_member_offer_use",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("amount__gt", 0),
                            ("back_amount__range", (0, models.F("amount"))),
                            ("back_uses__in", (0, 1)),
                        ),
                        name="member_offer_use_has_at_most_itself_back",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="offer",
            name="black_out",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.DateField(), default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="offer",
            name="joined_within",
            field=models.IntegerField(null=True),
        ),
        migrations.AddField(
            model_name="offer",
            name="per_person",
            field=models.IntegerField(null=True),
        ),
        migrations.AddField(
            model_name="offer",
            name="per_person_amount",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddConstraint(
            model_name="offer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("per_person", None), ("per_person__gt", 0), _connector="OR"),
                    models.Q(
                        ("per_person_amount", None), ("per_person_amount__gt", 0), _connector="OR"
                    ),
                    models.Q(("joined_within", None), ("joined_within__gt", 0), _connector="OR"),
                ),
                name="offer_limits_per_person_are_limits",
            ),
        ),
        run_sql(__file__, "person_caps"),
    ]
