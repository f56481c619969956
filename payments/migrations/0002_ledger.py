"""Hold the books together in PostgreSQL: one door in, nothing changes, and the functions."""

from django.db import migrations

from okplatform.kernel.sqlfile import run_sql


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0001_initial"),
    ]

    operations = [
        run_sql(__file__, "tenant_keys"),
        run_sql(__file__, "guards"),
        run_sql(__file__, "ledger"),
        run_sql(__file__, "capture"),
    ]
