"""OK's own tasks, as beat calls them; and workers that die, meet, or cannot reach the bank."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial

from demo.simulate.bankside import Unreliable
from demo.simulate.breaking import dies
from demo.simulate.town import Activity, Town
from merchants.checkout.tasks import expire_payments
from okplatform.kernel import relay
from okplatform.kernel.audit import SYSTEM
from payments.actions.deliver_file import deliver_file, resolve_file
from payments.actions.expire_confirmations import expire_confirmations
from payments.actions.fold_balances import fold_balances
from payments.actions.make_invoices import make_invoices
from payments.actions.order_payouts import order_payouts
from payments.actions.order_refunds import order_refunds
from payments.actions.plan_collections import plan_collections
from payments.actions.send_collections import send_collections
from payments.actions.send_proofs import send_proofs
from payments.actions.settle_doubts import settle_doubts
from payments.actions.take_file import take_file
from payments.gateways import BankGateway
from payments.models import OutgoingFile
from payments.states import FileState

MOST_STATEMENTS, FEW_STATEMENTS = 40, 8
"""Where a task may die or give way; what is done sooner does not."""
JUMPS_BACK, JUMPS_AHEAD = (1, 50), (10, 240)
"""How far a clock may be off, in minutes."""


def prove(town: Town) -> None:
    """Write the files of the cents that prove bank accounts."""
    send_proofs(now=town.now, actor=SYSTEM)


def invoice(town: Town) -> None:
    """Invoice the months that are over."""
    make_invoices(now=town.now, actor=SYSTEM)


def plan(town: Town) -> None:
    """Announce collections."""
    plan_collections(now=town.now, actor=SYSTEM)


def send(town: Town) -> None:
    """Write the files of collections."""
    send_collections(now=town.now, actor=SYSTEM)


def order(town: Town) -> None:
    """Order payouts."""
    order_payouts(now=town.now, actor=SYSTEM)


def order_back(town: Town) -> None:
    """Order the refunds that have waited long enough."""
    order_refunds(now=town.now, actor=SYSTEM)


def expire(town: Town) -> None:
    """End the questions to shoppers that nobody answered in time."""
    expire_confirmations(now=town.now, actor=SYSTEM)


def expire_online(_town: Town) -> None:
    """End the payments online whose time is over."""
    expire_payments()


def deliver(town: Town, gateway: BankGateway | None = None) -> None:
    """Hand files over, and find out about those of which nobody knows."""
    for state, act in (
        (FileState.SENDING, resolve_file),
        (FileState.UNKNOWN, resolve_file),
        (FileState.MADE, deliver_file),
    ):
        files = OutgoingFile.objects.filter(state=state).order_by("pk")
        for file_id in list(files.values_list("pk", flat=True)):
            act(
                file_id=file_id,
                gateway=gateway or town.bankside.gateway,
                now=town.now,
                actor=SYSTEM,
            )


def take(town: Town) -> None:
    """Take in what the bank has laid down."""
    gateway = town.bankside.gateway
    for waiting in gateway.incoming():
        take_file(name=waiting.name, gateway=gateway, now=town.now, actor=SYSTEM)


def settle(town: Town) -> None:
    """Give up what was in doubt and did not happen."""
    settle_doubts(now=town.now, actor=SYSTEM)


def hand_over_events(town: Town) -> None:
    """Let the relay feed every handler."""
    relay.drain(now=town.now)


def fold(town: Town) -> None:
    """Fold the balances, and compare them all."""
    fold_balances()
    town.checks.books.follow()
    town.checks.books.compare()


OUTWARD: Sequence[Activity] = (
    prove, plan, send, order, order_back, invoice, expire, expire_online, deliver,
)  # fmt: skip
"""What leads to files for the bank, or to what is expected of it, in the order it is done in."""
SETTLEMENT: Mapping[str, Activity] = {task.__name__: task for task in (*OUTWARD, take, settle)}


def die_in_a_task(town: Town) -> None:
    """Let a worker die in the middle of a task, and another do it over."""
    task = SETTLEMENT[town.deal("dying tasks", list(SETTLEMENT))]
    # Some have few statements, others most of theirs late.
    if _dies(town, task, town.chance.pick([FEW_STATEMENTS, MOST_STATEMENTS])):
        town.faults.meet("died_in_a_task")
    task(town)


def die_in_the_relay(town: Town) -> None:
    """Let the relay die in the middle; what it had not finished, another delivers again."""
    if _dies(town, hand_over_events, FEW_STATEMENTS):
        town.faults.meet("died_in_the_relay")
    hand_over_events(town)


def _dies(town: Town, task: Activity, latest: int) -> bool:
    return dies(
        lambda: task(town),
        at=town.chance.between(1, latest),
        has_sent=town.chance.one_in(2),
    )


def do_a_task_at_once(town: Town) -> None:
    """Let two workers do the same task at the same moment."""
    names = [task.__name__ for task in OUTWARD]
    if _at_once(town, SETTLEMENT[town.deal("tasks at once", names)]):
        town.faults.meet("task_at_once")


def hand_over_events_at_once(town: Town) -> None:
    """Let two relays deliver at the same moment; what one holds, the other leaves alone."""
    if _at_once(town, hand_over_events):
        town.faults.meet("relay_at_once")
    hand_over_events(town)


def _at_once(town: Town, task: Activity) -> bool:
    does = partial(task, town)
    return town.meeting.of(does, does, at=town.chance.between(1, FEW_STATEMENTS)).at_once


def lose_the_line(town: Town) -> None:
    """Let the line break while a file goes out: nobody knows whether the bank has it."""
    made = OutgoingFile.objects.filter(state=FileState.MADE)
    if not made.exists():
        order(town)
    if made.exists():
        deliver(town, Unreliable(town.bankside.gateway, has_it=town.chance.one_in(2)))
        town.faults.meet("delivery_unknown")


def take_twice(town: Town) -> None:
    """Let a file that was taken in lie there once more, under its own name."""
    folder = town.bankside.gateway.root
    read = sorted(path for path in (folder / "read").iterdir())
    if read:
        again = town.chance.pick(read)
        (folder / "incoming" / again.name).write_bytes(again.read_bytes())
        take(town)
        town.faults.meet("file_taken_twice")


def put_the_clock_back(town: Town) -> None:
    """Let the clock be behind while the tasks run."""
    _with_a_wrong_clock(town, -town.chance.between(*JUMPS_BACK))
    town.faults.meet("clock_back")


def put_the_clock_ahead(town: Town) -> None:
    """Let the clock be ahead while the tasks run."""
    _with_a_wrong_clock(town, town.chance.between(*JUMPS_AHEAD))
    town.faults.meet("clock_ahead")


def _with_a_wrong_clock(town: Town, minutes: int) -> None:
    with town.clock_off_by(timedelta(minutes=minutes)):
        for task in SETTLEMENT.values():
            task(town)
        hand_over_events(town)
