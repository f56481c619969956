"""Whose a brand of cards is, and which cards stand for a membership."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from okplatform.kernel.sqlfile import run_sql


class Migration(migrations.Migration):
    dependencies = [
        ("parties", "0007_browser_sessions"),
        ("wallet", "0009_family"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="BrandClaim",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("brand", models.CharField(max_length=80)),
                ("name", models.CharField(max_length=80)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "waits for OK"),
                            ("confirmed", "confirmed"),
                            ("refused", "refused"),
                            ("ended", "ended"),
                        ],
                        default="asked",
                        max_length=9,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "merchant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.merchant",
                    ),
                ),
            ],
            options={
                "db_table": "wallet_brand_claim",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "confirmed")),
                        fields=("brand",),
                        name="brand_is_one_merchants",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("asked", "confirmed"))),
                        fields=("merchant", "brand"),
                        name="brand_claim_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("brand", ""), _negated=True),
                        name="brand_claim_names_one",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "asked"), ("decided_at__isnull", False), _connector="OR"
                        ),
                        name="brand_claim_decided_at_a_moment",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["asked", "confirmed", "refused", "ended"])
                        ),
                        name="brand_claim_state_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LiveCard",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("coupled_at", models.DateTimeField()),
                (
                    "card",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="wallet.card",
                    ),
                ),
                (
                    "claim",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="wallet.brandclaim",
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
                "db_table": "wallet_live_card",
            },
        ),
        run_sql(__file__, "live"),
    ]
