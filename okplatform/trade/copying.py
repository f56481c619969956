"""COPY … FROM STDIN in PostgreSQL's text format (its manual: SQL commands, COPY)."""

from collections.abc import Iterable, Iterator
from io import BytesIO
from itertools import islice

from django.db import connection

CHUNK_ROWS = 500
READ_BYTES = 64 * 1024
ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})


def escaped(text: str) -> str:
    """Return a value as COPY reads it."""
    return text.translate(ESCAPES)


def copy_rows(table: str, columns: str, rows: Iterable[str]) -> None:
    """Copy rows, each a line that ends in a newline; the server reads while the next are made.

    Raises ``IntegrityError`` for a row that breaks a constraint.
    """
    with connection.cursor() as cursor, connection.wrap_database_errors:
        cursor.copy_expert(f"COPY {table} ({columns}) FROM STDIN", _Reader(iter(rows)), READ_BYTES)


class _Reader:
    """What psycopg2 reads from: rows are joined by the chunk, and only as they are asked for."""

    def __init__(self, rows: Iterator[str]) -> None:
        self.rows = rows
        self.chunk = BytesIO()

    def read(self, size: int) -> bytes:
        """Return some more of the rows, at most ``size`` bytes; nothing at the end."""
        data = self.chunk.read(size)
        if not data:
            self.chunk = BytesIO("".join(islice(self.rows, CHUNK_ROWS)).encode())
            data = self.chunk.read(size)
        return data
