"""Ask for all that a sale is priced by in one call."""

from django.db import migrations

from okplatform.kernel.sqlfile import run_sql


class Migration(migrations.Migration):
    dependencies = [
        ("merchants", "0002_tenant_keys"),
        ("loyalty", "0003_settle"),
        ("trade", "0001_initial"),
        ("wallet", "0002_schema"),
    ]

    operations = [run_sql(__file__, "look")]
