from django.db import migrations

from okplatform.kernel.sqlfile import run_sql


class Migration(migrations.Migration):
    dependencies = [("parties", "0003_find_key")]

    operations = [run_sql(__file__, "find_store")]
