from django.db import migrations

from okplatform.kernel.sqlfile import run_sql


class Migration(migrations.Migration):
    dependencies = [("trade", "0002_facts_stay")]

    operations = [run_sql(__file__, "lines_fit")]
