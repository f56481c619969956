from django.db import migrations

from okplatform.kernel.sqlfile import run_sql


class Migration(migrations.Migration):
    dependencies = [("loyalty", "0009_builder")]

    operations = [run_sql(__file__, "free_part")]
