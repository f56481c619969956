"""Schemes that are built, replayed, published in versions; programmes that can be paused."""

import django.db.models.deletion
from django.db import migrations, models

from okplatform.kernel.sqlfile import run_sql


class Migration(migrations.Migration):
    dependencies = [
        ("loyalty", "0008_assignments"),
        ("parties", "0007_browser_sessions"),
        ("payments", "0002_ledger"),
    ]

    operations = [
        migrations.AddField(
            model_name="programme",
            name="paused_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.CreateModel(
            name="Scheme",
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
                ("draft", models.JSONField()),
                ("opened_at", models.DateTimeField()),
                ("in_force", models.IntegerField(null=True)),
                ("scheduled", models.IntegerField(null=True)),
                ("starts_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("starts_at__isnull", False)),
                        fields=["starts_at"],
                        name="scheme_due",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("scheduled", None), ("starts_at", None)),
                            models.Q(("scheduled__isnull", False), ("starts_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="scheme_says_when_it_starts",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SchemeOffer",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "merchant_id",
                        "slot",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("slot", models.CharField(max_length=16)),
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
            ],
            options={
                "db_table": "loyalty_scheme_offer",
                "constraints": [
                    models.UniqueConstraint(fields=("merchant", "offer"), name="scheme_offer_once"),
                    models.CheckConstraint(
                        condition=models.Q(("slot__in", ["quiet_day", "bigger_basket"])),
                        name="scheme_offer_slot_is_one",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SchemeReplay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("content", models.JSONField()),
                ("fingerprint", models.CharField(max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waiting"),
                            ("running", "running"),
                            ("done", "done"),
                            ("failed", "failed"),
                        ],
                        default="waiting",
                        max_length=7,
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        blank=True,
                        choices=[("own", "your own sales"), ("sample", "sample sales")],
                        max_length=6,
                    ),
                ),
                ("total", models.IntegerField(default=0)),
                ("done", models.IntegerField(default=0)),
                ("attempts", models.SmallIntegerField(default=0)),
                ("result", models.JSONField(null=True)),
                ("proofs", models.JSONField(null=True)),
                ("asked_at", models.DateTimeField()),
                ("claimed_until", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
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
                "db_table": "loyalty_scheme_replay",
                "indexes": [
                    models.Index(fields=["merchant", "-id"], name="scheme_replay_newest"),
                    models.Index(
                        condition=models.Q(("state__in", ("waiting", "running"))),
                        fields=["claimed_until"],
                        name="scheme_replay_due",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["waiting", "running", "done", "failed"])),
                        name="scheme_replay_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "done"), _negated=True),
                            models.Q(
                                ("ended_at__isnull", False),
                                ("proofs__isnull", False),
                                ("result__isnull", False),
                                ("source__in", ["own", "sample"]),
                            ),
                            _connector="OR",
                        ),
                        name="scheme_replay_that_is_done_has_a_result",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SchemeVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.IntegerField()),
                ("content", models.JSONField()),
                ("fingerprint", models.CharField(max_length=64)),
                ("accepts_loss", models.BooleanField(default=False)),
                ("back_to", models.IntegerField(null=True)),
                ("published_at", models.DateTimeField()),
                ("starts_at", models.DateTimeField()),
                ("started_at", models.DateTimeField(null=True)),
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
                "db_table": "loyalty_scheme_version",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("merchant", "number"), name="scheme_version_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("number__gt", 0),
                            models.Q(
                                ("back_to", None),
                                ("back_to__lt", models.F("number")),
                                _connector="OR",
                            ),
                        ),
                        name="scheme_version_counts_from_one",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("started_at", None),
                            ("started_at__gte", models.F("starts_at")),
                            _connector="OR",
                        ),
                        name="scheme_version_starts_in_time",
                    ),
                ],
            },
        ),
        run_sql(__file__, "builder"),
    ]
