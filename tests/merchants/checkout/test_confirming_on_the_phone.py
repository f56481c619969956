"""What the phone asks about a sale that waits, and whose answer counts."""

from django.test import Client

from okplatform.kernel.audit import SYSTEM
from okplatform.parties.models import Person
from tests.support.confirming import PIN, answers, buy, paid, question
from tests.support.counter import (
    Counter,
    settle_events,
)
from tests.support.phone import Phone
from tests.support.world import NOW
from wallet.actions.set_pin import set_pin


def test_a_wrong_pin_leaves_the_question_open(counter: Counter, phone: Phone, hers: Client) -> None:
    uuid, _said = buy(counter, phone)
    wrong = answers(hers, pin="27182")
    assert wrong.status_code == 422
    assert "That is not your PIN. Tries left: 4." in wrong.content.decode()
    assert "Type your PIN: 4 to 8 digits." in answers(hers, pin="").content.decode()
    assert question().state == "asked"
    answers(hers)
    assert counter.get(uuid).json()["verdict"] == "happened"


def test_a_locked_pin_leads_to_a_new_one(counter: Counter, phone: Phone, hers: Client) -> None:
    buy(counter, phone)
    for _ in range(4):
        answers(hers, pin="27182")
    page = answers(hers, pin="27182").content.decode()
    assert "Your PIN is locked" in page
    assert f"/wallet/you/pin/?next=/wallet/confirm/{question().uuid}/" in page
    answers(hers)
    assert question().state == "asked"
    assert paid() == 0


def test_nobody_answers_anothers_question(
    counter: Counter, phone: Phone, client: Client, bob: Person
) -> None:
    buy(counter, phone)
    client.force_login(bob)
    set_pin(person_id=bob.pk, pin=PIN, now=NOW, actor=SYSTEM)
    for answer in ("yes", "no"):
        assert answers(client, answer).status_code == 404
    assert client.get(f"/wallet/confirm/{question().uuid}/").status_code == 404
    assert question().state == "asked"


def test_the_wallet_opens_the_question(counter: Counter, phone: Phone, hers: Client) -> None:
    buy(counter, phone)
    address = f"/wallet/confirm/{question().uuid}/"
    assert address in hers.get("/wallet/").content.decode()
    page = hers.get(address).content.decode()
    assert "€249.00" in page
    assert "Bakkerij Bol" in page
    assert hers.get(f"{address}?state").json() == {"state": "asked", "receipt": None}
    answers(hers)
    assert hers.get(f"{address}?state").json()["state"] == "authorised"
    settle_events()
    settle_events()  # what the first made true
    assert hers.get(address)["Location"].startswith("/wallet/receipts/")
    assert address not in hers.get("/wallet/").content.decode()
