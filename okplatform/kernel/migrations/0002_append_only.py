"""Make audit rows and events unchangeable."""

from django.db import migrations

from okplatform.kernel.sqlfile import run_sql


class Migration(migrations.Migration):
    dependencies = [("kernel", "0001_initial")]

    operations = [run_sql(__file__, "append_only")]
