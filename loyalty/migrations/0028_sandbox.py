"""Points of one merchant's sandbox count and end by its own clock."""

from django.db import migrations

from okplatform.kernel.sqlfile import run_sql


class Migration(migrations.Migration):
    dependencies = [("loyalty", "0027_settle_plan")]

    operations = [run_sql(__file__, "sandbox")]
