"""Balances of other programmes: files, and points that wait for their member."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

from okplatform.kernel.sqlfile import run_sql


class Migration(migrations.Migration):
    dependencies = [
        ("loyalty", "0015_corrections"),
        ("parties", "0007_browser_sessions"),
    ]

    operations = [
        migrations.CreateModel(
            name="BalanceImport",
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
                ("file_name", models.CharField(max_length=120)),
                ("locked", models.BinaryField(null=True)),
                ("columns", models.JSONField(default=dict)),
                ("report", models.JSONField(null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "open"),
                            ("asked", "asked"),
                            ("running", "running"),
                            ("done", "done"),
                            ("failed", "failed"),
                            ("dropped", "dropped"),
                        ],
                        default="open",
                        max_length=7,
                    ),
                ),
                ("read_at", models.DateTimeField()),
                ("claimed_until", models.DateTimeField(null=True)),
                ("attempts", models.SmallIntegerField(default=0)),
                ("done", models.IntegerField(default=0)),
                ("total", models.IntegerField(default=0)),
                ("brought", models.IntegerField(default=0)),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "loyalty_balance_import",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["open", "asked", "running"])),
                        fields=["id"],
                        name="balance_import_to_do",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["open", "asked", "running", "done", "failed", "dropped"])
                        ),
                        name="balance_import_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["open", "asked", "running"]),
                            ("locked", None),
                            _connector="OR",
                        ),
                        name="balance_import_keeps_no_file",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("brought__range", (0, models.F("total"))),
                            ("done__range", (0, models.F("total"))),
                        ),
                        name="balance_import_counts_its_lines",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="WaitingBalance",
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
                ("card_key", models.BinaryField(null=True)),
                ("email_key", models.BinaryField(null=True)),
                ("points", models.BigIntegerField()),
                ("ends_at", models.DateTimeField(null=True)),
                ("forget_at", models.DateTimeField()),
            ],
            options={
                "db_table": "loyalty_waiting_balance",
                "indexes": [models.Index(fields=["forget_at"], name="waiting_balance_to_forget")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("points__gt", 0)), name="waiting_balance_is_of_points"
                    )
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
                    ("corrected", "corrected by the shop"),
                ],
                max_length=12,
            ),
        ),
        migrations.AddConstraint(
            model_name="pointsmove",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["brought", "corrected"])),
                name="points_move_kind_is_known",
            ),
        ),
        migrations.AddField(
            model_name="balanceimport",
            name="merchant",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="parties.merchant",
            ),
        ),
        migrations.AddField(
            model_name="waitingbalance",
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
            model_name="waitingbalance",
            name="move",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="loyalty.pointsmove",
            ),
        ),
        migrations.AddField(
            model_name="waitingbalance",
            name="source",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="loyalty.balanceimport",
            ),
        ),
        migrations.AddIndex(
            model_name="balanceimport",
            index=models.Index(
                fields=["merchant", "mode", "-read_at"], name="balance_import_of_merchant"
            ),
        ),
        migrations.AddConstraint(
            model_name="balanceimport",
            constraint=models.UniqueConstraint(
                fields=("merchant", "mode", "id"), name="balance_import_by_mode"
            ),
        ),
        migrations.AddConstraint(
            model_name="waitingbalance",
            constraint=models.UniqueConstraint(
                fields=("merchant", "mode", "card_key"), name="waiting_balance_card_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="waitingbalance",
            constraint=models.UniqueConstraint(
                fields=("merchant", "mode", "email_key"), name="waiting_balance_email_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="waitingbalance",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("move__isnull", False),
                    ("card_key__isnull", False),
                    ("email_key__isnull", False),
                    _connector="OR",
                ),
                name="waiting_balance_is_somebodys",
            ),
        ),
        run_sql(__file__, "balances"),
    ]
