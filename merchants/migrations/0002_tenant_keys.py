from django.db import migrations

from okplatform.kernel.sqlfile import run_sql


class Migration(migrations.Migration):
    dependencies = [("merchants", "0001_initial"), ("parties", "0002_tenant_keys")]

    operations = [run_sql(__file__, "tenant_keys")]
