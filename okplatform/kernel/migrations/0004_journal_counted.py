"""Write a transaction's audit rows and events in one call."""

from django.db import migrations

from okplatform.kernel.sqlfile import run_sql


class Migration(migrations.Migration):
    dependencies = [("kernel", "0003_journal")]

    operations = [run_sql(__file__, "journal_counted")]
