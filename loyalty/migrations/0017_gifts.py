"""Points that members give each other."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

from okplatform.kernel.sqlfile import run_sql


class Migration(migrations.Migration):
    dependencies = [
        ("loyalty", "0016_balances"),
        ("parties", "0007_browser_sessions"),
    ]

    operations = [
        migrations.CreateModel(
            name="GiftTerms",
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
                ("most_points", models.BigIntegerField()),
            ],
            options={
                "db_table": "loyalty_gift_terms",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("most_points__gte", 0)),
                        name="gift_terms_are_not_negative",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PointsGift",
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
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("points", models.BigIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waiting"),
                            ("given", "given"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="waiting",
                        max_length=9,
                    ),
                ),
                ("offered_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
            ],
            options={
                "db_table": "loyalty_points_gift",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("points__gt", 0)), name="points_gift_is_of_points"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("offered_at"))),
                        name="points_gift_ends_later",
                    ),
                ],
            },
        ),
        migrations.RemoveConstraint(
            model_name="pointsmove",
            name="points_move_kind_is_known",
        ),
        migrations.AlterField(
            model_name="pointsmove",
            name="kind",
            field=models.CharField(
                choices=[
                    ("brought", "brought along from the old programme"),
                    ("given", "given to another member"),
                    ("received", "given by another member"),
                    ("corrected", "corrected by the shop"),
                ],
                max_length=12,
            ),
        ),
        migrations.AddConstraint(
            model_name="pointsmove",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["brought", "given", "received", "corrected"])),
                name="points_move_kind_is_known",
            ),
        ),
        migrations.AddField(
            model_name="pointsgift",
            name="given",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="loyalty.pointsmove",
            ),
        ),
        migrations.AddField(
            model_name="pointsgift",
            name="giver",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="loyalty.member",
            ),
        ),
        migrations.AddField(
            model_name="pointsgift",
            name="merchant",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="parties.merchant",
            ),
        ),
        migrations.AddField(
            model_name="pointsgift",
            name="received",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="loyalty.pointsmove",
            ),
        ),
        migrations.AddIndex(
            model_name="pointsgift",
            index=models.Index(fields=["giver", "-offered_at"], name="points_gift_of_giver"),
        ),
        migrations.AddConstraint(
            model_name="pointsgift",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["waiting", "given", "withdrawn"])),
                name="points_gift_state_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="pointsgift",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("given__isnull", False), ("received__isnull", False), ("state", "given")
                    ),
                    models.Q(
                        models.Q(("state", "given"), _negated=True),
                        ("given", None),
                        ("received", None),
                    ),
                    _connector="OR",
                ),
                name="points_gift_moved_points_once_given",
            ),
        ),
        run_sql(__file__, "gifts"),
    ]
