"""Take in a file that the bank has laid down: statements, or what became of our own files."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from io import BufferedReader
from itertools import chain

from okplatform.kernel import audit
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction
from payments.actions.import_statement import import_statement, keep_refused
from payments.actions.match_entries import match_entries
from payments.actions.take_status_report import take_status_report
from payments.bankfiles import pain002, statements
from payments.bankfiles.lines import BankFileRefused
from payments.bankfiles.opening import Form, documents
from payments.gateways import BankGateway


def take_file(*, name: str, gateway: BankGateway, now: datetime, actor: Actor) -> bool:
    """Take in a waiting file and put it away; false if it was refused, and kept apart.

    Each step may happen again: a file that was taken in before changes nothing. Raises
    ``GatewayError``; the file then waits for the next time.
    """
    with gateway.open(name) as stream:
        digest = hashlib.file_digest(stream, "sha256").digest()
        stream.seek(0)
        try:
            _take(stream, name, digest, now=now, actor=actor)
        except BankFileRefused as refused:
            # Whatever form it has: whoever looks at what was refused finds all of it in one place.
            keep_refused(refused, name, digest, now=now, actor=actor)
            _refuse(refused, name, now=now, actor=actor)
            taken = False
        else:
            taken = True
    gateway.done(name, refused=not taken)
    return taken


def _take(stream: BufferedReader, name: str, digest: bytes, *, now: datetime, actor: Actor) -> None:
    forms = {document.form for document in documents(stream)}
    stream.seek(0)
    if forms == {Form.PAIN_002}:
        answers = (
            pain002.read(document.stream, namespace=document.namespace)
            for document in documents(stream)
        )
        take_status_report(reports=chain.from_iterable(answers), now=now, actor=actor)
        return
    for statement_id in _imported(stream, name, digest, now=now, actor=actor):
        match_entries(statement_id=statement_id, now=now, actor=actor)


def _imported(
    stream: BufferedReader, name: str, digest: bytes, *, now: datetime, actor: Actor
) -> Sequence[int]:
    lines = chain.from_iterable(map(statements.read, documents(stream)))
    return import_statement(
        lines=lines, file_name=name, file_hash=digest, now=now, actor=actor
    ).statement_ids


def _refuse(refused: BankFileRefused, name: str, *, now: datetime, actor: Actor) -> None:
    """Write down why; the gateway keeps the file itself for inspection."""
    with transaction():
        audit.record(
            actor=actor,
            action="incoming_file_refused",
            object_type="incoming_file",
            object_id=name,
            data={
                "code": refused.code,
                "line": refused.line,
                "sentence": str(refused),
                "at": now.isoformat(),
            },
        )
