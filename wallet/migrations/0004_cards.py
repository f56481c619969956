"""Loyalty cards of any brand: the cards, what was said about them, their photos."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from okplatform.kernel.sqlfile import run_sql


class Migration(migrations.Migration):
    dependencies = [
        ("parties", "0005_merchant_address"),
        ("wallet", "0003_presence"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Card",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(editable=False)),
                ("cursor", models.BigIntegerField()),
                ("versions", models.JSONField()),
                ("added_at", models.DateTimeField()),
                ("name", models.CharField(max_length=80)),
                ("issuer", models.CharField(blank=True, max_length=80)),
                ("programme", models.SlugField(blank=True, db_index=False, max_length=40)),
                ("number", models.CharField(blank=True, max_length=80)),
                ("symbology", models.CharField(blank=True, max_length=16)),
                ("payload", models.CharField(blank=True, max_length=2000)),
                ("encoding", models.CharField(default="iso-8859-1", max_length=10)),
                ("colour", models.CharField(max_length=7)),
                ("note", models.CharField(blank=True, max_length=2000)),
                ("valid_from", models.DateField(null=True)),
                ("expires_on", models.DateField(null=True)),
                ("unit", models.CharField(default="EUR", max_length=16)),
                (
                    "groups",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), default=list, size=None
                    ),
                ),
                ("starred", models.BooleanField(default=False)),
                ("archived", models.BooleanField(default=False)),
                ("removed", models.BooleanField(default=False)),
                ("front", models.CharField(max_length=64, null=True)),
                ("back", models.CharField(max_length=64, null=True)),
                ("logo", models.CharField(max_length=64, null=True)),
                ("balance", models.BigIntegerField(null=True)),
                ("uses", models.JSONField(default=dict)),
                ("times_used", models.PositiveIntegerField(default=0)),
                ("last_used_at", models.DateTimeField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "wallet_card",
                "constraints": [
                    models.UniqueConstraint(fields=("person", "uuid"), name="card_once"),
                    models.UniqueConstraint(fields=("id", "person"), name="card_of_person"),
                    models.UniqueConstraint(fields=("person", "cursor"), name="card_cursor_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("name", ""), _negated=True),
                            ("name__regex", "^[^\\x01-\\x1f\\x7f]*$"),
                        ),
                        name="card_is_named",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("issuer__regex", "^[^\\x01-\\x1f\\x7f]*$"),
                            ("number__regex", "^[^\\x01-\\x1f\\x7f]*$"),
                        ),
                        name="card_texts_are_one_line",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("payload", ""), ("symbology", "")),
                            models.Q(
                                (
                                    "symbology__in",
                                    [
                                        "aztec",
                                        "codabar",
                                        "code_39",
                                        "code_93",
                                        "code_128",
                                        "data_matrix",
                                        "ean_8",
                                        "ean_13",
                                        "itf",
                                        "pdf417",
                                        "qr_code",
                                        "upc_a",
                                        "upc_e",
                                        "gs1_128",
                                        "gs1_data_matrix",
                                        "databar",
                                    ],
                                ),
                                models.Q(("payload", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="card_barcode_is_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("encoding__in", ("iso-8859-1", "utf-8"))),
                        name="card_encoding_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("colour__regex", "^#[0-9a-f]{6}$")),
                        name="card_colour_is_one",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("unit__regex", "^([A-Z]{3}|[a-z ]{1,16})$")),
                        name="card_unit_is_one",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("groups__len__lte", 20)), name="card_groups_are_few"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CardBalanceChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(editable=False)),
                ("device", models.CharField(max_length=40)),
                ("recorded_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("delta", models.BigIntegerField()),
                ("note", models.CharField(blank=True, max_length=80)),
                (
                    "card",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="wallet.card",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "wallet_card_balance_change",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("person", "uuid"), name="card_balance_change_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("delta__range", (-1000000000000, 1000000000000)),
                            models.Q(("delta", 0), _negated=True),
                        ),
                        name="card_balance_change_is_sane",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CardChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(editable=False)),
                ("device", models.CharField(max_length=40)),
                ("recorded_at", models.DateTimeField()),
                ("edited_at", models.DateTimeField()),
                ("fields", models.JSONField()),
                (
                    "card",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="wallet.card",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "wallet_card_change",
                "constraints": [
                    models.UniqueConstraint(fields=("person", "uuid"), name="card_change_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="CardPhoto",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.CharField(max_length=64)),
                ("media_type", models.CharField(max_length=10)),
                ("content", models.BinaryField(max_length=1000000)),
                ("added_at", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "wallet_card_photo",
                "constraints": [
                    models.UniqueConstraint(fields=("person", "digest"), name="card_photo_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("media_type__in", ("image/jpeg", "image/png", "image/webp"))
                        ),
                        name="card_photo_type_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CardShelf",
            fields=[
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("cursor", models.BigIntegerField(default=0)),
                ("cards", models.PositiveIntegerField(default=0)),
                ("photo_bytes", models.PositiveBigIntegerField(default=0)),
            ],
            options={
                "db_table": "wallet_card_shelf",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("cards__lte", 2000)), name="card_shelf_is_not_full"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("photo_bytes__lte", 300000000)),
                        name="card_shelf_photos_fit",
                    ),
                ],
            },
        ),
        run_sql(__file__, "cards"),
    ]
