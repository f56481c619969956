"""Tables: where keys point, who writes, and that migrations are complete and go back."""

from pathlib import Path

import pytest
from django.apps import apps
from django.apps.registry import Apps
from django.core.management import call_command
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader

from tests.architecture.gates.tables import foreign_writes, one_way, upward_keys, upward_sql
from tests.architecture.gates.tree import ROOT, listed, plant


def test_keys_point_down_the_map_and_protect() -> None:
    assert listed(upward_keys(apps.get_models(include_auto_created=False))) == ""


def test_a_key_that_points_up_sideways_or_cascades_is_caught() -> None:
    registry = Apps()

    class Device(models.Model):
        class Meta:
            app_label = "wallet"
            apps = registry

    class Shell(models.Model):
        parent = models.ForeignKey("self", models.PROTECT, null=True)

        class Meta:
            app_label = "web"
            apps = registry

    class Sale(models.Model):
        device = models.ForeignKey("wallet.Device", models.PROTECT)
        shell = models.OneToOneField("web.Shell", models.PROTECT)

        class Meta:
            app_label = "trade"
            apps = registry

    class Receipt(models.Model):
        sale = models.ForeignKey("trade.Sale", models.CASCADE)

        class Meta:
            app_label = "wallet"
            apps = registry

    assert upward_keys([Device, Shell, Sale, Receipt]) == [
        "trade.Sale.device points up the map, at wallet.Device",
        "trade.Sale.shell points up the map, at web.Shell",
        "wallet.Receipt.sale does not protect what it points at",
    ]


def test_sql_refers_down_the_map_too() -> None:
    assert listed(upward_sql(ROOT)) == ""


def test_sql_that_refers_up_is_caught(tmp_path: Path) -> None:
    sql = "ALTER TABLE wallet_receipt ADD FOREIGN KEY (sale_id) REFERENCES {} (id);\n"
    plant(tmp_path, "wallet/migrations/sql/keys.sql", sql.format("payments_payment"))
    plant(tmp_path, "wallet/migrations/sql/more.sql", sql.format("trade_sale"))
    (found,) = upward_sql(tmp_path)
    assert found.path == "wallet/migrations/sql/keys.sql"


def test_only_an_app_writes_its_own_tables() -> None:
    assert listed(foreign_writes(ROOT)) == ""


def test_sql_that_writes_another_apps_table_is_caught(tmp_path: Path) -> None:
    plant(tmp_path, "merchants/checkout/actions/pay.py", 'SQL = """\nUPDATE trade_sale SET x"""\n')
    plant(tmp_path, "okplatform/trade/actions/pay.py", 'SQL = "UPDATE trade_sale SET x"\n')
    plant(tmp_path, "loyalty/queries.py", 'SQL = "SELECT * FROM trade_sale FOR UPDATE"\n')
    (found,) = foreign_writes(tmp_path)
    assert str(found) == (
        "merchants/checkout/actions/pay.py:2: writes a table of trade: call its action"
    )


def test_a_manager_call_that_writes_another_apps_table_is_caught(tmp_path: Path) -> None:
    lines = (
        "from okplatform.trade.models import Sale",
        "Sale.objects.filter(id=1).update(due=0)",
        "Sale(id=1).save()",
        "Sale.objects.filter(id=1).exists()",
        "{}.update(due=0)",
    )
    plant(tmp_path, "merchants/checkout/actions/pay.py", "\n".join(lines))
    plant(tmp_path, "okplatform/trade/actions/pay.py", "\n".join(lines))
    assert [found.line for found in foreign_writes(tmp_path)] == [2, 3]


def test_every_migration_can_be_undone() -> None:
    assert listed(one_way(MigrationLoader(None).disk_migrations.values())) == ""


def test_a_migration_without_a_way_back_is_caught() -> None:
    class Migration(migrations.Migration):
        operations = (
            migrations.RunSQL("SELECT 1", migrations.RunSQL.noop),
            migrations.SeparateDatabaseAndState([migrations.RunSQL("DROP TABLE x")]),
        )

    (found,) = one_way([Migration("0002_post", "payments")])
    assert found.startswith("payments.0002_post: Raw SQL operation")


@pytest.mark.django_db
def test_a_model_without_its_migration_is_caught() -> None:
    field = models.TextField(default="")
    model = apps.get_model("trade", "Sale")
    field.contribute_to_class(model, "planted")
    try:
        with pytest.raises(SystemExit):
            call_command("makemigrations", check=True, dry_run=True, verbosity=0)
    finally:
        model._meta.local_fields.remove(field)
        delattr(model, "planted")
        apps.clear_cache()
