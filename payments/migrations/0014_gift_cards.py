"""Gift cards: sold, topped up, spent, given back; what is on them is in the ledger."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from okplatform.kernel.sqlfile import run_sql


class Migration(migrations.Migration):
    dependencies = [
        ("parties", "0007_browser_sessions"),
        ("payments", "0013_paid_at_bank"),
        ("trade", "0005_product_warranty"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="GiftCard",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "mode",
                    models.CharField(choices=[("live", "Live"), ("test", "Test")], max_length=4),
                ),
                ("seed", models.UUIDField()),
                ("number_digest", models.BinaryField(unique=True)),
                ("number_end", models.CharField(max_length=4)),
                ("currency", models.CharField(max_length=3)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("active", "active"),
                            ("blocked", "blocked"),
                            ("replaced", "replaced"),
                        ],
                        max_length=8,
                    ),
                ),
                ("expires_on", models.DateField(null=True)),
                ("wrong_pins", models.PositiveSmallIntegerField(default=0)),
                ("issued_at", models.DateTimeField()),
                (
                    "merchant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.merchant",
                    ),
                ),
                (
                    "replaced_by",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaces",
                        to="payments.giftcard",
                    ),
                ),
            ],
            options={
                "db_table": "payments_gift_card",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("merchant", "mode", "id"), name="gift_card_of_merchant"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("replaced_by__isnull", False), ("state", "replaced")),
                            models.Q(
                                models.Q(("state", "replaced"), _negated=True),
                                ("replaced_by", None),
                            ),
                            _connector="OR",
                        ),
                        name="gift_card_replaced_by_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("number_end__regex", "^\\d{4}$")),
                        name="gift_card_end_is_digits",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("mode__in", ["live", "test"])),
                        name="gift_card_mode_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["active", "blocked", "replaced"])),
                        name="gift_card_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("currency__regex", "^[A-Z]{3}$")),
                        name="gift_card_currency_is_iso",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="GiftCardBooking",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "mode",
                    models.CharField(choices=[("live", "Live"), ("test", "Test")], max_length=4),
                ),
                (
                    "kind",
                    models.CharField(
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
                        ],
                        max_length=10,
                    ),
                ),
                ("amount", models.BigIntegerField()),
                ("balance", models.BigIntegerField()),
                ("booked_at", models.DateTimeField()),
                ("number", models.PositiveSmallIntegerField(null=True)),
                ("uuid", models.UUIDField(null=True)),
                ("request_hash", models.BinaryField(null=True)),
                ("paid_by", models.CharField(blank=True, default="", max_length=7)),
                ("operator", models.CharField(blank=True, default="", max_length=64)),
                ("reference", models.CharField(blank=True, default="", max_length=64)),
                (
                    "card",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bookings",
                        to="payments.giftcard",
                    ),
                ),
                (
                    "merchant",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.merchant",
                    ),
                ),
                (
                    "sale",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="trade.sale",
                    ),
                ),
                (
                    "sale_return",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="trade.return",
                    ),
                ),
                (
                    "store",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.store",
                    ),
                ),
            ],
            options={
                "db_table": "payments_gift_card_booking",
                "indexes": [
                    models.Index(
                        fields=["merchant", "mode", "booked_at"], name="gift_card_by_month"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("amount__lt", 0),
                                ("kind__in", ("held", "spent", "taken_back", "moved_out")),
                            ),
                            models.Q(
                                models.Q(
                                    ("kind__in", ("held", "spent", "taken_back", "moved_out")),
                                    _negated=True,
                                ),
                                ("amount__gt", 0),
                            ),
                            _connector="OR",
                        ),
                        name="gift_card_booking_has_its_sign",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("balance__gte", 0)),
                        name="gift_card_is_never_below_zero",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("kind__in", ("held", "released", "spent", "refunded")),
                                ("number__isnull", False),
                                ("sale__isnull", False),
                            ),
                            models.Q(
                                models.Q(
                                    ("kind__in", ("held", "released", "spent", "refunded")),
                                    _negated=True,
                                ),
                                ("number", None),
                                ("sale", None),
                            ),
                            _connector="OR",
                        ),
                        name="gift_card_spent_on_a_sale",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "refunded"), ("sale_return__isnull", False)),
                            models.Q(
                                models.Q(("kind", "refunded"), _negated=True), ("sale_return", None)
                            ),
                            _connector="OR",
                        ),
                        name="gift_card_refunded_by_a_return",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("kind__in", ("sold", "topped_up")),
                                ("request_hash__isnull", False),
                                ("store__isnull", False),
                                ("uuid__isnull", False),
                            ),
                            models.Q(
                                models.Q(("kind__in", ("sold", "topped_up")), _negated=True),
                                ("request_hash", None),
                            ),
                            _connector="OR",
                        ),
                        name="gift_card_load_has_its_number",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind__in", ("sold", "topped_up"))),
                        fields=("merchant", "mode", "uuid"),
                        name="gift_card_load_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "taken_back")),
                        fields=("merchant", "mode", "uuid"),
                        name="gift_card_load_taken_back_once",
                    ),
                    models.UniqueConstraint(
                        models.F("sale"),
                        models.F("number"),
                        condition=models.Q(("kind", "spent")),
                        name="gift_card_tender_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("mode__in", ["live", "test"])),
                        name="gift_card_booking_mode_is_known",
                    ),
                    models.CheckConstraint(
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
                                ],
                            )
                        ),
                        name="gift_card_booking_kind_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="GiftCardTerms",
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
                ("is_selling", models.BooleanField()),
                ("valid_months", models.PositiveSmallIntegerField(null=True)),
                ("changed_at", models.DateTimeField()),
            ],
            options={
                "db_table": "payments_gift_card_terms",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_months", None),
                            ("valid_months__range", (1, 120)),
                            _connector="OR",
                        ),
                        name="gift_card_valid_months_are_sensible",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="KeptGiftCard",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kept_at", models.DateTimeField()),
                (
                    "card",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="payments.giftcard",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "payments_kept_gift_card",
                "constraints": [
                    models.UniqueConstraint(fields=("person", "card"), name="gift_card_kept_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="StoppedLoad",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "mode",
                    models.CharField(choices=[("live", "Live"), ("test", "Test")], max_length=4),
                ),
                ("uuid", models.UUIDField()),
                ("stopped_at", models.DateTimeField()),
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
                "db_table": "payments_stopped_load",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("merchant", "mode", "uuid"), name="gift_card_load_stopped_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("mode__in", ["live", "test"])),
                        name="stopped_load_mode_is_known",
                    ),
                ],
            },
        ),
        run_sql(__file__, "gift_cards"),
    ]
