"""What counts for a tier by what was spent is what was paid for goods."""

from django.db import migrations

from okplatform.kernel.sqlfile import run_sql


class Migration(migrations.Migration):
    dependencies = [("loyalty", "0028_sandbox"), ("trade", "0009_line_kinds")]

    operations = [run_sql(__file__, "lines")]
