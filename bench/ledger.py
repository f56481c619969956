"""Postings per second on one hot merchant, by the sale's own SQL, beside TPC-B.

Every posting is the one that ``payments_capture`` makes: a different shopper each time, always the
same merchant, while the balances are folded as often as beat does it. TPC-B and the ledger take
many short turns, so that what else the machine does meets both; the figures are of all of them.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import mean
from tempfile import TemporaryDirectory
from threading import Event, Thread
from typing import TYPE_CHECKING, Any, cast

from django.conf import settings
from django.db import connection, connections

from bench.pgbench import rate
from bench.tpcb import Run, yardstick
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.databases import own_database
from okplatform.kernel.db import call
from okplatform.kernel.invariants import all_invariants
from okplatform.kernel.modes import Mode
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.actions.create_merchant import create_merchant
from payments.actions.fold_balances import fold_balances
from payments.actions.open_merchant_accounts import open_merchant_accounts
from payments.chart import EUR, MERCHANT_PAYABLE, SHOPPER_RECEIVABLE
from payments.ledger import AccountRef
from payments.queries import balance_of

if TYPE_CHECKING:
    from datetime import timedelta

DATABASE = "ok_bench_ledger"
SHOPPERS = 10_000
AMOUNT = 1_840
TURNS = 10
WARM_UP_SECONDS = 3
LAST_TRIES = 150
"""Seconds to wait in the end where nothing could be folded so far."""

# The kind says that there is no payment behind it: verify would miss one.
SCRIPT = f"""
\\set shopper random(1, {SHOPPERS})
SELECT ledger_transfer('bench', nextval('bench_sale')::text, '{Mode.LIVE}', now(),
    '{SHOPPER_RECEIVABLE.kind}', '{SHOPPER_RECEIVABLE.owner}', :shopper,
    '{MERCHANT_PAYABLE.kind}', '{MERCHANT_PAYABLE.owner}', MERCHANT, '{EUR}', {AMOUNT});
"""

OPEN_SHOPPERS = """
SELECT count(ledger_open(%s, %s, shopper, %s, %s)) FROM generate_series(1, %s) AS shopper
"""


def bench_ledger(*, seconds: int, clients: int, say: Callable[[str], Any]) -> dict[str, Any]:
    """Measure and return the figures; ``say`` is told how far it is."""
    with own_database(DATABASE), TemporaryDirectory() as folder, yardstick() as run_tpcb:
        script = Path(folder) / "posting.sql"
        merchant_id = _open_accounts()
        script.write_text(SCRIPT.replace("MERCHANT", str(merchant_id)))
        say(f"{SHOPPERS} shoppers and one merchant; TPC-B is ready")
        with _folding() as folds:
            turns = _measure(script, run_tpcb, clients=clients, seconds=seconds, say=say)
        verified = _verify(merchant_id, say)
    postings, tpcb = (mean(each) for each in zip(*turns, strict=True))
    return {
        "postings_per_s": round(postings, 1),
        "tpcb_tps": round(tpcb, 1),
        "ratio": round(postings / tpcb, 3),
        "clients": clients,
        "folds": folds.done,
        "verified": verified and folds.done > 0,
    }


def _open_accounts() -> int:
    """Open the accounts and return the merchant's id."""
    merchant = create_merchant(
        reference="hot",
        name="Hot",
        kvk="12345678",
        vat_number="NL004495445B01",
        iban="NL91ABNA0417164300",
        actor=SYSTEM,
    )
    open_merchant_accounts(merchant_id=merchant.pk, actor=SYSTEM)
    kind = SHOPPER_RECEIVABLE
    call(OPEN_SHOPPERS, [kind.kind, kind.owner, EUR, Mode.LIVE, SHOPPERS])
    call("CREATE SEQUENCE bench_sale")
    call("ANALYZE")
    return merchant.pk


def _measure(
    script: Path, run_tpcb: Run, *, clients: int, seconds: int, say: Callable[[str], Any]
) -> list[tuple[float, float]]:
    """Return (postings/s, TPC-B/s) for each turn."""

    def both(seconds: int) -> tuple[float, float]:
        tpcb = run_tpcb(clients=clients, seconds=seconds)
        return rate(DATABASE, clients=clients, seconds=seconds, script=script), tpcb

    both(WARM_UP_SECONDS)
    turns = []
    for number in range(TURNS):
        turns.append(both(seconds))
        say("turn {}: {:.0f} postings/s, TPC-B {:.0f}/s".format(number + 1, *turns[-1]))
    return turns


@dataclass
class _Folds:
    """How often something was folded."""

    done: int = 0
    stop: Event = field(default_factory=Event)

    def go_on(self, every: float) -> None:
        """Fold until told to stop, and until something was folded.

        Somebody else's long transaction on the same server holds the folding back, and ends.
        """
        while not self.stop.wait(every):
            self.done += bool(fold_balances())
        tries, never = LAST_TRIES, Event()
        while not self.done and tries:
            tries -= 1
            never.wait(1)
            self.done += bool(fold_balances())
        connection.close()


@contextmanager
def _folding() -> Iterator[_Folds]:
    """Fold in the background, as often as beat does it."""
    schedule = cast(
        "timedelta", settings.CELERY_BEAT_SCHEDULE["fold the ledger's balances"]["schedule"]
    )
    folds = _Folds()
    folding = Thread(target=folds.go_on, args=[schedule.total_seconds()])
    folding.start()
    try:
        yield folds
    finally:
        folds.stop.set()
        folding.join()


def _verify(merchant_id: int, say: Callable[[str], Any]) -> bool:
    """Prove the books, and that the merchant is owed every posting."""
    with operator_scope("verify the bench"):
        proofs = {each.name: each.prove() for each in all_invariants()}
    for name, proof in proofs.items():
        if proof.breaches:
            say(f"BROKEN {name}: {proof.breaches[:3]}")
    postings = int(call("SELECT count(*) FROM payments_posting")[0][0])
    owed = balance_of(AccountRef(MERCHANT_PAYABLE.kind, merchant_id, EUR), mode=Mode.LIVE)
    connections.close_all()
    return owed == postings * AMOUNT and not any(proof.breaches for proof in proofs.values())
