"""Cards that are shared with family: invitations, and who has which card."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from okplatform.kernel.sqlfile import run_sql


class Migration(migrations.Migration):
    dependencies = [
        ("wallet", "0008_push"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CardShare",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(editable=False)),
                (
                    "mode",
                    models.CharField(choices=[("live", "Live"), ("test", "Test")], max_length=4),
                ),
                ("name", models.CharField(blank=True, max_length=80)),
                (
                    "level",
                    models.CharField(
                        choices=[("read", "show it"), ("use", "show it and book amounts")],
                        max_length=4,
                    ),
                ),
                ("with_note", models.BooleanField(default=False)),
                ("seat", models.PositiveSmallIntegerField()),
                ("place", models.PositiveSmallIntegerField()),
                ("accepted_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "ended_by",
                    models.CharField(
                        blank=True, choices=[("owner", "owner"), ("person", "person")], max_length=6
                    ),
                ),
                ("cursor", models.BigIntegerField()),
                ("versions", models.JSONField(default=dict)),
                (
                    "groups",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), default=list, size=None
                    ),
                ),
                ("starred", models.BooleanField(default=False)),
                ("archived", models.BooleanField(default=False)),
                ("uses", models.JSONField(default=dict)),
                ("times_used", models.PositiveIntegerField(default=0)),
                ("last_used_at", models.DateTimeField(null=True)),
                (
                    "card",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="wallet.card",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "wallet_card_share",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("person", "uuid"), name="card_share_named_once"
                    ),
                    models.UniqueConstraint(
                        fields=("person", "cursor"), name="card_share_cursor_once"
                    ),
                    models.UniqueConstraint(fields=("id", "card"), name="card_share_of_card"),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("card", "person"),
                        name="card_share_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("card", "seat"),
                        name="card_share_seat_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("person", "place"),
                        name="card_share_place_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("seat__range", (1, 20))), name="card_shares_are_few"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("place__range", (1, 100))),
                        name="card_shares_of_person_are_few",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("person__isnull", True),
                            ("owner__isnull", True),
                            models.Q(("person", models.F("owner")), _negated=True),
                            _connector="OR",
                        ),
                        name="card_share_is_with_somebody_else",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at__isnull", False),
                            models.Q(
                                ("card__isnull", False),
                                ("owner__isnull", False),
                                ("person__isnull", False),
                                models.Q(("name", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="card_share_in_force_is_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("ended_by", "")),
                            models.Q(
                                ("ended_at__isnull", False), ("ended_by__in", ["owner", "person"])
                            ),
                            _connector="OR",
                        ),
                        name="card_share_end_is_somebodys",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name__regex", "^[^\\x01-\\x1f\\x7f]*$")),
                        name="card_share_name_is_one_line",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("groups__len__lte", 20)),
                        name="card_share_groups_are_few",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("level__in", ["read", "use"])),
                        name="card_share_level_is_known",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="cardbalancechange",
            name="share",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="wallet.cardshare",
            ),
        ),
        migrations.CreateModel(
            name="CardInvitation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(editable=False, unique=True)),
                (
                    "mode",
                    models.CharField(choices=[("live", "Live"), ("test", "Test")], max_length=4),
                ),
                (
                    "level",
                    models.CharField(
                        choices=[("read", "show it"), ("use", "show it and book amounts")],
                        max_length=4,
                    ),
                ),
                ("with_note", models.BooleanField(default=False)),
                ("by_link", models.BooleanField()),
                ("number", models.PositiveSmallIntegerField()),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                (
                    "card",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="wallet.card",
                    ),
                ),
                (
                    "invited",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "wallet_card_invitation",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("card", "number"), name="card_invitation_counted"
                    ),
                    models.UniqueConstraint(
                        fields=("card", "invited"), name="card_invitation_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("number__range", (1, 20))),
                        name="card_invitations_are_few",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("invited__isnull", True),
                            models.Q(("invited", models.F("owner")), _negated=True),
                            _connector="OR",
                        ),
                        name="card_invitation_is_for_somebody_else",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("by_link", True), ("invited__isnull", False), _connector="OR"
                        ),
                        name="card_invitation_finds_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("level__in", ["read", "use"])),
                        name="card_invitation_level_is_known",
                    ),
                ],
            },
        ),
        run_sql(__file__, "family"),
    ]
