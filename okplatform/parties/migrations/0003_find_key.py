from django.db import migrations

from okplatform.kernel.sqlfile import run_sql


class Migration(migrations.Migration):
    dependencies = [("parties", "0002_tenant_keys")]

    operations = [run_sql(__file__, "find_key")]
