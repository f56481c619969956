"""What may follow what for an online payment, in Python's table and in PostgreSQL's."""

from itertools import product

import pytest
from django.db import IntegrityError

from merchants.checkout.online_states import (
    HELD,
    MOVES,
    OPEN,
    PAID,
    MoveNotAllowedError,
    PaymentState,
    require,
    sources,
)
from merchants.models import OnlinePayment
from merchants.models.online_payment import HELD_STATES, OPEN_STATES, PAID_STATES
from okplatform.kernel.db import call, transaction
from okplatform.kernel.tenancy import operator_scope
from tests.merchants.checkout.webshop import Shopper, Webshop

PAIRS = list(product(PaymentState, PaymentState))
GUARD = "SELECT tgargs FROM pg_trigger WHERE tgname = 'online_payment_moves' AND tgenabled = 'O'"


@pytest.mark.parametrize(("source", "target"), PAIRS, ids=str)
def test_a_move_raises_unless_it_is_in_the_table(
    source: PaymentState, target: PaymentState
) -> None:
    if (source, target) in MOVES:
        require(source, target)
        assert source.value in sources(target)
    else:
        with pytest.raises(MoveNotAllowedError):
            require(source, target)


def test_nothing_moves_back_to_the_beginning() -> None:
    with pytest.raises(MoveNotAllowedError):
        sources(PaymentState.CREATED)


def test_models_and_table_speak_of_the_same_states() -> None:
    assert (OPEN, HELD, PAID) == (OPEN_STATES, HELD_STATES, PAID_STATES)


@pytest.mark.django_db
def test_postgresql_holds_the_same_table() -> None:
    held = bytes(call(GUARD)[0][0]).decode().split("\0")
    assert {tuple(move.split(">")) for move in held if move} == set(MOVES)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        {"state": "captured"},
        {"state": "authorised"},
        {"asked": 1},
        {"captured": 1},
        {"token": "guessable"},
        {"return_url": "https://elsewhere.example/"},
    ],
    ids=str,
)
def test_postgresql_lets_nobody_around_the_actions(
    webshop: Webshop, change: dict[str, object]
) -> None:
    payment = webshop.asked()
    around = operator_scope("somebody goes around")
    with around, pytest.raises(IntegrityError), transaction():
        OnlinePayment.objects.filter(pk=payment.pk).update(**change)


@pytest.mark.django_db
def test_what_has_ended_stays_as_it_ended(webshop: Webshop, shopper: Shopper) -> None:
    payment = webshop.asked()
    shopper.authorises(payment)
    with operator_scope("somebody goes around"):
        for change in ({"captured": 0}, {"person_id": None}, {"sale_id": None}, {"amount": 1}):
            with pytest.raises(IntegrityError), transaction():
                OnlinePayment.objects.filter(pk=payment.pk).update(**change)
        with pytest.raises(IntegrityError), transaction():
            OnlinePayment.objects.filter(pk=payment.pk).delete()
