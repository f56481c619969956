"""The bank's days, what it gets wrong, and the clerk who looks at what nobody else understood."""

from datetime import timedelta

from demo.bank.orders import REASONS, TIMEOUTS
from demo.simulate.activities import works
from demo.simulate.town import Activity, Town
from okplatform.kernel.audit import SYSTEM
from payments.actions.decide_entry import decide_entry
from payments.deciding import Share
from payments.models import Expectation, ExpectationKind, ExpectationState
from payments.queries import work_queue

CODES = sorted(REASONS)
POST_TIME = timedelta(minutes=2)
FILES = ("camt.053", "camt.054", "pain.002")


def go_to_work(town: Town) -> None:
    """Let the bank do what is due; the post carries files both ways."""
    town.bankside.step(town.now)


def go_round(town: Town) -> None:
    """Let everything have its turn: tasks, post, bank, post, tasks."""
    for task in works.OUTWARD:
        task(town)
    go_to_work(town)
    town.now += POST_TIME
    go_to_work(town)
    works.take(town)
    works.settle(town)
    works.hand_over_events(town)


def send_a_payment_back(town: Town) -> None:
    """Let the bank send the next collection or payout back; every code has its turn."""
    code, days = town.deal("codes", CODES), town.chance.between(1, 3)
    _order(town, "return", code=code, after_days=days, kind=_kind(town))


def have_money_back(town: Town) -> None:
    """Let a shopper have a collection back."""
    _order(town, "refund", after_days=town.chance.between(1, 6), kind="collection")


def refuse_an_order(town: Town) -> None:
    """Let the bank refuse an order before it books it."""
    codes = sorted(REASONS | TIMEOUTS)
    _order(town, "reject", code=town.chance.pick(codes), kind=_kind(town))


def answer_with_a_time_out(town: Town) -> None:
    """Let the bank answer that it took too long, and collect or pay all the same."""
    _order(town, "false_reject", code=town.chance.pick(sorted(TIMEOUTS)), kind=_kind(town))


def book_late(town: Town) -> None:
    """Let the bank book days later."""
    _order(town, "delay", days=town.chance.between(1, 3))


def keep_silent(town: Town) -> None:
    """Let the bank never answer."""
    _order(town, "silence")


def spoil_a_reference(town: Town) -> None:
    """Let references come back as people and banks mangle them."""
    _order(town, "mangle")


def book_otherwise(town: Town) -> None:
    """Let the bank book a batch one by one, or as one line that names none."""
    _order(town, "booking", booked_as=town.chance.pick(["single", "batch", "bare_batch"]), next=3)


def spoil_a_file(town: Town) -> None:
    """Let a file come twice, late, after the next one, or broken off."""
    kinds = ["duplicate_file", "reorder_files", "truncate_file", "delay_file"]
    _order(town, town.deal("spoiled files", kinds), file=town.chance.pick(FILES))


def pay_as_a_stranger(town: Town) -> None:
    """Let somebody pay who owes nothing, and just what we expect of another."""
    awaited = Expectation.objects.filter(
        kind=ExpectationKind.COLLECTION, state=ExpectationState.OPEN
    )
    amounts = list(awaited.order_by("pk").values_list("outstanding", flat=True))
    _order(
        town,
        "pay_in",
        amount=town.chance.pick(amounts or [50_00]),
        iban=town.cast.new_iban("TRIO"),
        name="Wie Weet",
        to=town.bankside.account.iban,
        text=town.chance.pick(["voor het feest", "OK", "factuur 2040-17"]),
    )


MISCHIEF: dict[Activity, int] = {
    send_a_payment_back: 14,
    have_money_back: 2,
    refuse_an_order: 2,
    answer_with_a_time_out: 1,
    book_late: 2,
    keep_silent: 1,
    spoil_a_reference: 2,
    book_otherwise: 2,
    spoil_a_file: 4,
    pay_as_a_stranger: 2,
}
"""What the bank may be told to do wrong, and how often."""


def misbehave(town: Town) -> None:
    """Let the bank do one thing wrong."""
    acts = {act.__name__: act for act in MISCHIEF}
    cards = [act.__name__ for act, times in MISCHIEF.items() for _ in range(times)]
    acts[town.deal("mischief", cards)](town)


def clear_the_queue(town: Town) -> None:
    """Let a clerk ask the bank what each line in the work queue truly came for, and decide."""
    for entry in work_queue(mode=town.bankside.account.mode):
        truth = town.bankside.witness.came_for(entry.bank_reference, part=entry.part)
        shares = [
            Share(one.pk, -one.amount if entry.reason else one.amount)
            for one in Expectation.objects.filter(end_to_end_id__in=truth).order_by("pk")
            if _is_awaited(one, is_return=bool(entry.reason))
        ]
        rest = entry.amount - sum(share.amount for share in shares)
        decide_entry(
            entry_id=entry.pk,
            shares=[*shares, Share(None, rest)] if rest else shares,
            reason="The bank says that it is nobody's." if rest else "",
            now=town.now,
            actor=SYSTEM,
        )


def _is_awaited(expectation: Expectation, *, is_return: bool) -> bool:
    """Say whether it can still come, or come back; what cannot is for nobody, as far as we know."""
    if is_return:
        return expectation.state in {ExpectationState.OPEN, ExpectationState.FULFILLED}
    is_whole = expectation.outstanding == expectation.amount
    return is_whole and expectation.state != ExpectationState.CANCELLED


def _kind(town: Town) -> str:
    return town.chance.pick(["collection", "collection", "collection", "payout"])


def _order(town: Town, do: str, **fields: str | int | bool) -> None:
    town.bankside.client.order(do, **fields)
