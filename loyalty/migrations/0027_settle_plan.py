"""The statements that settle a sale keep their plans."""

from django.db import migrations

from okplatform.kernel.sqlfile import run_sql


class Migration(migrations.Migration):
    dependencies = [("loyalty", "0026_stamp_template")]

    operations = [run_sql(__file__, "settle_plan")]
