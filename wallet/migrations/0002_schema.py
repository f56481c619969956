"""What Django cannot say: composite foreign keys, a trigger, and the functions of the hot path."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("wallet", "0001_initial"),
        ("parties", "0002_tenant_keys"),
    ]

    operations = [
        migrations.RunSQL(
            sql=(SQL / f"{name}.sql").read_text(),
            reverse_sql=(SQL / f"{name}_reverse.sql").read_text(),
        )
        for name in ("schema", "scan")
    ]
