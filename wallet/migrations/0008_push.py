"""Notifications on people's phones."""

import datetime
import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import wallet.models.push
from okplatform.kernel.sqlfile import run_sql


class Migration(migrations.Migration):
    dependencies = [
        ("parties", "0007_browser_sessions"),
        ("wallet", "0007_receipts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PushNotice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("payment", "payment"),
                            ("security", "security"),
                            ("receipt", "receipt"),
                            ("card", "card"),
                            ("warranty", "warranty"),
                            ("test", "test"),
                        ],
                        max_length=8,
                    ),
                ),
                ("about", models.CharField(max_length=120)),
                ("facts", models.JSONField(default=dict)),
                ("url", models.CharField(max_length=200)),
                ("made_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField(db_index=True)),
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
                "db_table": "wallet_push_notice",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("person", "kind", "about"), name="push_notice_said_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("made_at"))),
                        name="push_notice_has_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("url__regex", "^/[^/\\\\]")),
                        name="push_notice_opens_our_page",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                ["payment", "security", "receipt", "card", "warranty", "test"],
                            )
                        ),
                        name="push_notice_kind_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PushSettings",
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
                (
                    "kinds",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=8),
                        default=wallet.models.push.calm,
                        size=None,
                    ),
                ),
                ("quiet_from", models.TimeField(default=datetime.time(22, 0), null=True)),
                ("quiet_until", models.TimeField(default=datetime.time(7, 0), null=True)),
                ("timezone", models.CharField(default="Europe/Amsterdam", max_length=64)),
                ("days_before", models.PositiveSmallIntegerField(default=7)),
                ("shows_details", models.BooleanField(default=False)),
            ],
            options={
                "db_table": "wallet_push_settings",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kinds__contained_by",
                                ["payment", "security", "receipt", "card", "warranty"],
                            )
                        ),
                        name="push_settings_kinds_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("quiet_from", None), ("quiet_until", None)),
                            models.Q(
                                ("quiet_from__isnull", False),
                                ("quiet_until__isnull", False),
                                models.Q(("quiet_from", models.F("quiet_until")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="push_settings_quiet_hours_end",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("days_before__range", (1, 60))),
                        name="push_settings_days_before_are_few",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PushSubscription",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("place", models.PositiveSmallIntegerField()),
                ("endpoint", models.CharField(max_length=500, unique=True)),
                ("p256dh", models.BinaryField(max_length=65)),
                ("auth", models.BinaryField(max_length=16)),
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
                (
                    "session",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.browsersession",
                    ),
                ),
            ],
            options={
                "db_table": "wallet_push_subscription",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("person", "place"), name="push_subscription_in_place"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("place__range", (1, 10))),
                        name="push_subscription_few_phones",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PushDelivery",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waiting"),
                            ("sent", "sent"),
                            ("dropped", "dropped"),
                            ("given_up", "given_up"),
                        ],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("due_at", models.DateTimeField()),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("claimed_until", models.DateTimeField(null=True)),
                ("status", models.PositiveSmallIntegerField(null=True)),
                ("error", models.CharField(blank=True, max_length=20)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "notice",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="wallet.pushnotice",
                    ),
                ),
                (
                    "subscription",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="wallet.pushsubscription",
                    ),
                ),
            ],
            options={
                "db_table": "wallet_push_delivery",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")),
                        fields=["due_at"],
                        name="push_delivery_to_send",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("notice", "subscription"), name="push_delivery_once_per_phone"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("state", "waiting")),
                            models.Q(
                                models.Q(("state", "waiting"), _negated=True),
                                ("ended_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="push_delivery_ends_at_a_moment",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["waiting", "sent", "dropped", "given_up"])
                        ),
                        name="push_delivery_state_is_known",
                    ),
                ],
            },
        ),
        run_sql(__file__, "push"),
    ]
