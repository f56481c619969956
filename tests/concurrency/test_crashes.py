"""Killed at any point, OK loses no sale that a till was told of, and books none twice."""

import signal
from collections.abc import Callable
from itertools import cycle
from typing import Any

import pytest

from okplatform.kernel.db import call
from okplatform.local.processes import wait_until
from okplatform.local.servers import Servers
from okplatform.local.stack import Stack
from tests.concurrency.tills import DRAIN_SECONDS, Roll, is_drained, selling
from tests.support.proofs import prove

pytestmark = [pytest.mark.long, pytest.mark.concurrency, pytest.mark.timeout(900)]

SALES = 2_000
# Between two blows, so that each falls in the midst of sales.
SALES_BETWEEN = 100

FOUND = """
SELECT sale.uuid::text, sale.state, sale.due, payment.amount,
       (SELECT count(*) FROM payments_posting posting
        WHERE posting.kind = 'sale_paid' AND posting.reference = sale.id::text)
FROM trade_sale sale LEFT JOIN payments_payment payment ON payment.sale_id = sale.id
WHERE sale.operator = 'bench'
"""


def blows(servers: Servers, stack: Stack) -> list[Callable[[], None]]:
    """Return everything that may break, in the order in which it will."""

    def kill(name: str) -> Callable[[], None]:
        def blow() -> None:
            stack.stop_one(name, with_signal=signal.SIGKILL)
            stack.start_one(name)

        return blow

    def crash_postgres() -> None:
        servers.stop_postgres_immediately()
        servers.start_postgres()

    return [kill("web"), crash_postgres, kill("worker"), servers.empty_redis, kill("beat")]


def test_killed_at_any_point_every_sale_a_till_was_told_of_is_there_once(
    servers: Servers, stack: Stack, country: dict[str, Any], port: int
) -> None:
    with selling(port=port, country=country, sales=SALES) as roll:
        in_turn = cycle(blows(servers, stack))
        for sold in range(SALES_BETWEEN, SALES, SALES_BETWEEN):
            roll.wait_for(sold)
            next(in_turn)()
        roll.wait_for(SALES)

    assert wait_until(is_drained, seconds=DRAIN_SECONDS)
    assert stack.ended() == []
    check_told(roll)
    stack.stop()
    prove()


def check_told(roll: Roll) -> None:
    """Check that the tills felt the blows, and that the books hold what they were told."""
    assert roll.silences
    assert set(roll.refusals) >= {"sale_unknown"}
    assert {told["code"] for told in roll.failures} == {"internal_error"}
    # Who cannot know says so: ask. A verdict might be a wrong one.
    assert len({told["detail"] for told in roll.failures}) == 1
    assert not any("verdict" in told for told in roll.failures)
    told = {str(uuid): ("closed", due, due, 1) for uuid, due in roll.due.items()}
    rows = call(FOUND)
    found = {uuid: tuple(facts) for uuid, *facts in rows}
    assert len(told) == SALES
    assert sorted(told.keys() - found.keys()) == []
    assert sorted(found.keys() - told.keys()) == []
    assert [uuid for uuid in told if found[uuid] != told[uuid]] == []
    assert len(rows) == SALES
