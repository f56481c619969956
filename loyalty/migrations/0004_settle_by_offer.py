from django.db import migrations

from okplatform.kernel.sqlfile import run_sql


class Migration(migrations.Migration):
    dependencies = [("loyalty", "0003_settle")]

    operations = [run_sql(__file__, "settle_by_offer")]
