"""Schema that Django cannot say, kept as SQL files beside the migrations that run them."""

from pathlib import Path

from django.db import migrations


def run_sql(migration_file: str, name: str) -> migrations.RunSQL:
    """Return the operation for ``sql/<name>.sql`` and its reverse, ``sql/<name>_reverse.sql``.

    ``migration_file`` is the migration's ``__file__``. Raises ``FileNotFoundError`` if either is
    missing.
    """
    folder = Path(migration_file).parent / "sql"
    return migrations.RunSQL(
        (folder / f"{name}.sql").read_text(), (folder / f"{name}_reverse.sql").read_text()
    )
