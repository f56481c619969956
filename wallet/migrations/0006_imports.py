"""Files of cards on their way in; and more cards a person, so that one file of them fits."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from okplatform.kernel.sqlfile import run_sql


class Migration(migrations.Migration):
    dependencies = [
        ("wallet", "0005_consents"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CardImport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(editable=False)),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("catima", "Catima"),
                            ("fidme", "FidMe"),
                            ("voucher_vault", "Voucher Vault"),
                            ("stocard", "Stocard"),
                            ("pkpass", "Wallet"),
                        ],
                        max_length=16,
                    ),
                ),
                ("file_name", models.CharField(blank=True, max_length=120)),
                ("rows", models.JSONField()),
                ("problems", models.JSONField(default=list)),
                ("photo_bytes", models.PositiveBigIntegerField(default=0)),
                ("read_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("added", models.PositiveIntegerField(default=0)),
                ("skipped", models.PositiveIntegerField(default=0)),
            ],
            options={
                "db_table": "wallet_card_import",
                "indexes": [models.Index(fields=["expires_at"], name="card_import_ends")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "source__in",
                                ["catima", "fidme", "voucher_vault", "stocard", "pkpass"],
                            )
                        ),
                        name="card_import_source_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("read_at"))),
                        name="card_import_ends_later",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("photo_bytes__lte", 100000000)),
                        name="card_import_photos_fit",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("added", 0), ("decided_at", None), ("skipped", 0)),
                            models.Q(("decided_at__isnull", False), ("rows", [])),
                            _connector="OR",
                        ),
                        name="card_import_is_empty_once_decided",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CardImportPhoto",
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
            ],
            options={
                "db_table": "wallet_card_import_photo",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("digest__regex", "^[0-9a-f]{64}$")),
                        name="card_import_photo_digest",
                    )
                ],
            },
        ),
        migrations.RemoveConstraint(
            model_name="cardshelf",
            name="card_shelf_is_not_full",
        ),
        migrations.AddConstraint(
            model_name="cardshelf",
            constraint=models.CheckConstraint(
                condition=models.Q(("cards__lte", 12000)), name="card_shelf_is_not_full"
            ),
        ),
        migrations.AddField(
            model_name="cardimport",
            name="person",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="cardimportphoto",
            name="card_import",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="wallet.cardimport",
            ),
        ),
        migrations.AddField(
            model_name="cardimportphoto",
            name="person",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="cardimport",
            constraint=models.UniqueConstraint(fields=("person", "uuid"), name="card_import_once"),
        ),
        migrations.AddConstraint(
            model_name="cardimport",
            constraint=models.UniqueConstraint(
                fields=("id", "person"), name="card_import_of_person"
            ),
        ),
        migrations.AddConstraint(
            model_name="cardimport",
            constraint=models.UniqueConstraint(
                condition=models.Q(("decided_at", None)),
                fields=("person",),
                name="card_import_one_waits",
            ),
        ),
        migrations.AddConstraint(
            model_name="cardimportphoto",
            constraint=models.UniqueConstraint(
                fields=("card_import", "digest"), name="card_import_photo_once"
            ),
        ),
        run_sql(__file__, "imports"),
    ]
