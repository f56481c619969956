from django.db import migrations

from okplatform.kernel.sqlfile import run_sql


class Migration(migrations.Migration):
    dependencies = [("loyalty", "0002_tenant_keys"), ("payments", "0002_ledger")]

    operations = [run_sql(__file__, "settle")]
