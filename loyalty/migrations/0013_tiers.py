"""Tiers of programmes, and where members stand in them."""

import django.db.models.deletion
from django.db import migrations, models

from okplatform.kernel.sqlfile import run_sql


class Migration(migrations.Migration):
    dependencies = [
        ("loyalty", "0012_stamps"),
        ("parties", "0007_browser_sessions"),
    ]

    operations = [
        migrations.CreateModel(
            name="MemberTier",
            fields=[
                (
                    "member",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="loyalty.member",
                    ),
                ),
                (
                    "mode",
                    models.CharField(choices=[("live", "Live"), ("test", "Test")], max_length=4),
                ),
                ("tier", models.SmallIntegerField(null=True)),
                ("amount", models.BigIntegerField(default=0)),
                ("review_on", models.DateField(null=True)),
                ("version", models.IntegerField(default=0)),
                ("placed_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "loyalty_member_tier",
                "indexes": [
                    models.Index(
                        condition=models.Q(("review_on__isnull", False)),
                        fields=["review_on"],
                        name="tier_to_review",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="programme",
            name="tier_basis",
            field=models.CharField(
                choices=[("points", "Points that were earned"), ("spend", "Money spent")],
                db_default="points",
                default="points",
                max_length=6,
            ),
        ),
        migrations.AddField(
            model_name="programme",
            name="tier_grace_days",
            field=models.SmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="programme",
            name="tier_period",
            field=models.CharField(
                choices=[
                    ("year", "In a calendar year; it stays through the next one"),
                    ("months", "In the last twelve months"),
                    ("joined", "Since joining; it stays"),
                ],
                db_default="year",
                default="year",
                max_length=6,
            ),
        ),
        migrations.AddField(
            model_name="programme",
            name="tiers",
            field=models.JSONField(db_default=models.Value([], models.JSONField()), default=list),
        ),
        migrations.AddField(
            model_name="programme",
            name="tiers_laid_out",
            field=models.BooleanField(db_default=True, default=True),
        ),
        migrations.AddField(
            model_name="programme",
            name="tiers_version",
            field=models.IntegerField(db_default=0, default=0),
        ),
        migrations.AddIndex(
            model_name="programme",
            index=models.Index(
                condition=models.Q(("tiers_laid_out", False)),
                fields=["id"],
                name="programme_tiers_waiting",
            ),
        ),
        migrations.AddConstraint(
            model_name="programme",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("tier_basis__in", ["points", "spend"]),
                    ("tier_grace_days__range", (0, 366)),
                    ("tier_period__in", ["year", "months", "joined"]),
                ),
                name="programme_tiers_have_terms",
            ),
        ),
        migrations.AddField(
            model_name="membertier",
            name="merchant",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="parties.merchant",
            ),
        ),
        run_sql(__file__, "tiers"),
    ]
