"""The sandbox through the front door: each magic amount and code, and that live money has none."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, get_args
from uuid import uuid4

import pytest

from merchants.checkout.api.schemas import Situation
from merchants.magic import CODES, HOUR, MAGIC, Does, Magic, is_doubled, magic_of
from okplatform.kernel import clock
from okplatform.kernel.modes import Mode
from okplatform.web.spoiling import MARK, NotInLiveModeError, Spoiled, spoil
from tests.support.counter import Counter, basket, paying, show, with_bank_account
from tests.support.phone import Phone
from tests.support.proofs import prove
from tests.support.world import World

REFUSED = [magic for magic in MAGIC if magic.does == Does.REFUSES]
TURNED_AWAY = [magic for magic in MAGIC if magic.does == Does.TURNS_AWAY]
DELAYED = [magic for magic in MAGIC if magic.does == Does.DELAYS]
LOST = [magic for magic in MAGIC if magic.does in {Does.LOSES_ANSWER, Does.LOSES_BEFORE}]
ANSWERED = [magic for magic in MAGIC if magic.does in {Does.SAYS_YES, Does.SAYS_NO}]
SILENT = [magic for magic in MAGIC if magic.does == Does.SAYS_NOTHING]


def named(magics: Sequence[Magic]) -> pytest.MarkDecorator:
    ids = [f"{magic.amount}-{magic.code or magic.does}" for magic in magics]
    return pytest.mark.parametrize("magic", magics, ids=ids)


@pytest.fixture
def rehearsal(world: World) -> Counter:
    """The bakery's till with a test key; Tessa has a bank account."""
    with_bank_account(world.tessa)
    return Counter(world.till, world.till.test_key)


def code_of(till: Counter, world: World, situation: str = "fresh") -> str:
    said = till.client.post(
        "/api/v1/test/wallet-codes",
        {"person": world.tessa.email, "situation": situation},
        format="json",
    )
    assert said.status_code == 201, said.json()
    return str(said.json()["code"])


def goods(amount: int) -> dict[str, Any]:
    return {"sku": "x", "name": "Iets", "quantity": 1, "unit_price": amount, "vat_rate": 900}


def selling(magic: Magic, code: str) -> dict[str, Any]:
    return basket(goods(magic.amount), payment=paying(), code=code, language="en")


def moved(monkeypatch: pytest.MonkeyPatch, seconds: int) -> None:
    """Let so many seconds pass."""
    read = clock._read
    monkeypatch.setattr(clock, "_read", lambda: read() + timedelta(seconds=seconds))


@named(REFUSED)
def test_a_refusal_is_the_real_one_and_nothing_is_kept(
    rehearsal: Counter, world: World, magic: Magic
) -> None:
    uuid = uuid4()
    said = rehearsal.put(uuid, selling(magic, code_of(rehearsal, world)))
    assert said.json()["code"] == magic.code
    assert said.status_code in {409, 429}
    assert said.json()["verdict"] == "still_open"
    assert rehearsal.get(uuid).status_code == 404
    prove()


@named(REFUSED)
def test_in_two_steps_the_quote_stands_and_another_tender_pays_it(
    rehearsal: Counter, world: World, magic: Magic
) -> None:
    uuid, code = uuid4(), code_of(rehearsal, world)
    quoted = rehearsal.put(uuid, basket(goods(magic.amount), code=code))
    assert quoted.json()["verdict"] == "still_open"
    assert rehearsal.pay(uuid, {"revision": 1, **paying()}).json()["code"] == magic.code
    assert rehearsal.get(uuid).json()["verdict"] == "still_open"
    assert rehearsal.pay(uuid, {"revision": 1, **paying("pin")}).json()["verdict"] == "happened"
    prove()


@named(TURNED_AWAY)
def test_who_is_turned_away_goes_through_the_next_time(
    rehearsal: Counter, world: World, magic: Magic
) -> None:
    uuid, body = uuid4(), selling(magic, code_of(rehearsal, world))
    first = rehearsal.put(uuid, body)
    assert (first.status_code, first.json()["code"]) in {
        (429, "too_many_requests"),
        (500, "internal_error"),
    }
    assert first.json()["code"] == magic.code
    assert rehearsal.get(uuid).status_code == 404
    assert rehearsal.put(uuid, body).json()["verdict"] == "happened"
    prove()


@named(DELAYED)
def test_a_delay_is_marked_for_the_server_once(
    rehearsal: Counter, world: World, magic: Magic
) -> None:
    uuid, body = uuid4(), selling(magic, code_of(rehearsal, world))
    first = rehearsal.put(uuid, body)
    assert first.json()["verdict"] == "happened"
    assert marked(first) == Spoiled(seconds=magic.seconds)
    again = rehearsal.put(uuid, body)
    assert (again.json()["verdict"], marked(again)) == ("happened", None)


@named(LOST)
def test_a_lost_answer_is_marked_for_the_server_once(
    rehearsal: Counter, world: World, magic: Magic
) -> None:
    uuid, body = uuid4(), selling(magic, code_of(rehearsal, world))
    assert marked(rehearsal.put(uuid, body)) == Spoiled(is_cut=True)
    found = rehearsal.get(uuid)
    if magic.does == Does.LOSES_ANSWER:
        assert found.json()["verdict"] == "happened"
    else:
        assert found.status_code == 404
    again = rehearsal.put(uuid, body)
    assert (again.json()["verdict"], marked(again)) == ("happened", None)
    prove()


@named(ANSWERED)
def test_a_phone_answers_in_its_time(
    rehearsal: Counter, world: World, magic: Magic, monkeypatch: pytest.MonkeyPatch
) -> None:
    uuid, body = uuid4(), selling(magic, code_of(rehearsal, world))
    assert rehearsal.put(uuid, body).json()["verdict"] == "still_open"
    moved(monkeypatch, magic.seconds - 1)
    assert rehearsal.get(uuid).json()["verdict"] == "still_open"
    moved(monkeypatch, 2)
    said = rehearsal.get(uuid).json()
    if magic.does == Does.SAYS_YES and not magic.code:
        assert said["verdict"] == "happened"
        assert rehearsal.put(uuid, body).json()["verdict"] == "happened"
    else:
        assert said["verdict"] == "did_not_happen"
        assert said["confirmation"]["refusal"] == (magic.code or None)
    prove()


@named(SILENT)
def test_a_phone_that_says_nothing_ends_the_sale_in_its_time(
    rehearsal: Counter, world: World, magic: Magic, monkeypatch: pytest.MonkeyPatch
) -> None:
    uuid, body = uuid4(), selling(magic, code_of(rehearsal, world))
    assert rehearsal.put(uuid, body).json()["verdict"] == "still_open"
    moved(monkeypatch, magic.seconds - 1)
    assert rehearsal.get(uuid).json()["verdict"] == "still_open"
    assert rehearsal.put(uuid, body).json()["verdict"] == "still_open"
    moved(monkeypatch, 2)
    assert rehearsal.get(uuid).json()["verdict"] == "did_not_happen"
    prove()


def test_a_phone_that_is_only_asked_waits_for_the_api(rehearsal: Counter, world: World) -> None:
    (magic,) = [magic for magic in MAGIC if magic.does == Does.ASKS]
    uuid = uuid4()
    said = rehearsal.put(uuid, selling(magic, code_of(rehearsal, world)))
    assert said.json()["confirmation"]["state"] == "asked"
    address = f"/api/v1/test/sales/{uuid}/confirmation"
    answered = rehearsal.client.post(address, {"answer": "yes"}, format="json")
    assert answered.json()["verdict"] == "happened"


def test_an_unknown_hour_can_be_given_up(rehearsal: Counter, world: World) -> None:
    for magic in (one for one in MAGIC if one.seconds == HOUR):
        uuid = uuid4()
        rehearsal.put(uuid, selling(magic, code_of(rehearsal, world)))
        assert rehearsal.delete(uuid).json()["verdict"] == "did_not_happen"
        assert rehearsal.get(uuid).json()["verdict"] == "did_not_happen"
    prove()


@pytest.mark.parametrize("row", CODES, ids=[row.situation for row in CODES])
def test_a_magic_code_is_refused_as_a_live_one(rehearsal: Counter, world: World, row: Any) -> None:
    uuid = uuid4()
    code = code_of(rehearsal, world, row.situation)
    said = rehearsal.put(uuid, basket(payment=paying(), code=code)).json()
    if not row.code:
        assert said["verdict"] == "happened"
        return
    assert said["code"] == row.code
    assert rehearsal.get(uuid).status_code == 404
    after = rehearsal.put(uuid, basket(payment=paying(), code=code_of(rehearsal, world)))
    assert after.json()["verdict"] == "happened"
    prove()


@named(MAGIC)
def test_live_money_knows_no_magic(counter: Counter, phone: Phone, magic: Magic) -> None:
    uuid = uuid4()
    body = basket(goods(magic.amount), payment=paying(), code=show(phone))
    said = counter.put(uuid, body)
    assert said.status_code == 200
    assert marked(said) is None
    if magic.amount <= 50_00:
        assert said.json()["verdict"] == "happened"
        return
    asked = said.json()["confirmation"]
    assert asked["state"] == "asked"
    assert counter.get(uuid).json()["confirmation"] == asked
    question = clock.now() + timedelta(seconds=60)
    assert abs((datetime.fromisoformat(asked["deadline"]) - question).total_seconds()) < 20


@named(MAGIC)
def test_without_a_mode_there_is_no_magic(magic: Magic) -> None:
    assert magic_of(mode=Mode.TEST, gross=magic.amount) is magic
    for mode in (Mode.LIVE, "", "TEST"):
        assert magic_of(mode=mode, gross=magic.amount) is None
        body = f'{{"data": {{"mode": "{mode}", "gross": {magic.amount}}}}}'
        assert not is_doubled(body, mode=mode)
        assert not is_doubled(body, mode=Mode.TEST)


def test_a_live_answer_cannot_be_spoiled(rf: Any) -> None:
    request = rf.get("/")
    with pytest.raises(NotInLiveModeError):
        spoil(request, Spoiled(is_cut=True), mode=Mode.LIVE)
    assert MARK not in request.META


def test_the_contract_knows_every_kind_of_code() -> None:
    assert list(get_args(Situation)) == [row.situation for row in CODES]


def test_amounts_are_magic_once_and_on_the_right_side_of_the_phone() -> None:
    amounts = [magic.amount for magic in MAGIC]
    assert len(set(amounts)) == len(amounts)
    asking = {Does.ASKS, Does.SAYS_YES, Does.SAYS_NO, Does.SAYS_NOTHING}
    for magic in MAGIC:
        assert (magic.amount > 50_00) == (magic.does in asking)


def marked(said: Any) -> Spoiled | None:
    """Return what the server would do with an answer."""
    found: Spoiled | None = said.wsgi_request.META.get(MARK)
    return found
