"""Twenty tills on lines that lose, delay, double and reorder: no sale is lost, none is double."""

import json
import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bench.load import Shelf, Shoppers
from merchants.certification.gateways.line import BadLine, Mischief, Passage, Plan, bad_line
from ok_till import Client, Outcome, Patience, RefusedError, Till
from okplatform.kernel.db import call as ask
from okplatform.local.port import HOST
from okplatform.local.processes import wait_until
from okplatform.local.stack import Stack
from tests.concurrency.tills import DRAIN_SECONDS, is_drained, shoppers_of
from tests.support.proofs import prove

if TYPE_CHECKING:
    from ok_till.models import SaleBody

pytestmark = [pytest.mark.long, pytest.mark.concurrency, pytest.mark.timeout(900)]

SALES = 5_000
ANSWER_WITHIN = 2.0
LATE_SECONDS = 3.0
PATIENCE = Patience(first=0.2, later=0.1, give_up=6.0)
GOES_WELL = 0.7
# Nobody would let a held call go here: ``REQUEST_LATE`` is the same by the clock.
MISCHIEFS = [mischief for mischief in Mischief if mischief is not Mischief.REQUEST_HELD]

FOUND = """
SELECT sale.uuid::text, sale.state, sale.due,
       (SELECT sum(payment.amount) FROM payments_payment payment WHERE payment.sale_id = sale.id),
       (SELECT count(*) FROM payments_posting posting
        WHERE posting.kind = 'sale_paid' AND posting.reference = sale.id::text)
FROM trade_sale sale WHERE sale.operator = 'bench'
"""


def whims(seed: int) -> Plan:
    """Say what becomes of each call: most go well, the others in every way there is."""
    chance = random.Random(seed)

    def decide(_passage: Passage) -> Mischief:
        return Mischief.NONE if chance.random() < GOES_WELL else chance.choice(MISCHIEFS)

    return decide


def sell(till: Till, country: dict[str, Any], number: int, sales: int) -> list[Outcome]:
    """Sell so many baskets; a customer whose code went stale shows the next one."""
    shelf, chance = Shelf(country["products"], number), random.Random(number)
    shoppers = Shoppers(shoppers_of(country, number))
    ended: list[Outcome] = []
    while sum(outcome.goods_may_leave for outcome in ended) < sales:
        code, _merchant = shoppers.next()
        body: SaleBody = json.loads(shelf.basket(code, chance))
        try:
            ended.append(till.sell(body))
        except RefusedError as refused:
            if refused.code != "code_stale":
                raise
    till.close()
    return ended


def test_on_lines_that_lose_delay_double_and_reorder_nothing_is_lost_and_nothing_paid_twice(
    stack: Stack, country: dict[str, Any], port: int, tmp_path: Path
) -> None:
    lines: list[BadLine] = []
    with ExitStack() as open_lines:
        tills = []
        for number, place in enumerate(country["tills"]):
            address, line = open_lines.enter_context(
                bad_line(f"http://{HOST}:{port}", whims(number), late_seconds=LATE_SECONDS)
            )
            lines.append(line)
            client = Client(address, place["key"], answer_within=ANSWER_WITHIN)
            tills.append(Till(client, tmp_path / f"{number}.journal", patience=PATIENCE))
        with ThreadPoolExecutor(len(tills)) as pool:
            at_work = [
                pool.submit(sell, till, country, number, SALES // len(tills))
                for number, till in enumerate(tills)
            ]
            told = [outcome for one in at_work for outcome in one.result()]

    assert len(lines) == 20
    done = Counter(mischief for line in lines for _method, mischief in line.done)
    assert min(done[mischief] for mischief in MISCHIEFS) > SALES // 100
    assert wait_until(is_drained, seconds=DRAIN_SECONDS)
    assert stack.ended() == []
    check_told(told)
    stack.stop()
    prove()


def check_told(told: list[Outcome]) -> None:
    """Check that the books hold what the tills were told: each sale once, and no other."""
    happened = {
        outcome.uuid: ("closed", outcome.answer["due"], outcome.answer["due"], 1)
        for outcome in told
        if outcome.goods_may_leave and outcome.answer is not None
    }
    found = {uuid: tuple(facts) for uuid, *facts in ask(FOUND)}
    closed = {uuid: facts for uuid, facts in found.items() if facts[0] == "closed"}
    assert len(happened) == SALES
    assert sorted(happened.keys() - closed.keys()) == [], "lost"
    assert sorted(closed.keys() - happened.keys()) == [], "paid, and the till says no"
    assert [uuid for uuid in happened if closed[uuid] != happened[uuid]] == []
