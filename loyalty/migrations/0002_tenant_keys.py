from django.db import migrations

from okplatform.kernel.sqlfile import run_sql


class Migration(migrations.Migration):
    dependencies = [("loyalty", "0001_initial")]

    operations = [run_sql(__file__, "tenant_keys")]
