"""Points that move without a sale: corrections by a merchant's people."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from okplatform.kernel.sqlfile import run_sql


class Migration(migrations.Migration):
    dependencies = [
        ("loyalty", "0014_bonuses"),
        ("parties", "0007_browser_sessions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CorrectionTerms",
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
                ("alone_up_to", models.BigIntegerField()),
            ],
            options={
                "db_table": "loyalty_correction_terms",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("alone_up_to__gte", 0)),
                        name="correction_terms_are_not_negative",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PointsMove",
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
                        choices=[("corrected", "corrected by the shop")], max_length=12
                    ),
                ),
                ("points", models.BigIntegerField()),
                ("words", models.CharField(blank=True, max_length=200)),
                ("moved_at", models.DateTimeField()),
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
            ],
            options={
                "db_table": "loyalty_points_move",
                "indexes": [
                    models.Index(fields=["member", "-moved_at"], name="points_move_of_member")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["corrected"])),
                        name="points_move_kind_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("points", 0), _negated=True),
                        name="points_move_is_of_something",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Correction",
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
                ("points", models.BigIntegerField()),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("needs_second", models.BooleanField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waiting"),
                            ("booked", "booked"),
                            ("refused", "refused"),
                        ],
                        max_length=8,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                    "move",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="loyalty.pointsmove",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["merchant", "mode", "-asked_at"], name="correction_of_merchant"
                    ),
                    models.Index(fields=["member", "asked_at"], name="correction_of_member"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["waiting", "booked", "refused"])),
                        name="correction_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("points", 0), _negated=True),
                        name="correction_is_of_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "booked"), _negated=True),
                            ("needs_second", False),
                            models.Q(
                                ("decided_by__isnull", False),
                                models.Q(("decided_by", models.F("asked_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="correction_has_a_second_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("move__isnull", False), ("state", "booked")),
                            models.Q(models.Q(("state", "booked"), _negated=True), ("move", None)),
                            _connector="OR",
                        ),
                        name="correction_that_is_booked_moved_points",
                    ),
                ],
            },
        ),
        run_sql(__file__, "corrections"),
    ]
