"""The training twin of the browser till: the same till, where nothing is real."""

from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client

from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.db import call
from okplatform.parties.actions.grant_membership import grant_membership
from okplatform.parties.models import Person, Role
from tests.loyalty.bakery import Bakery
from tests.merchants.training.trainee import Trainee
from tests.support.counter import basket, paying, settle_events, show, with_bank_account
from tests.support.proofs import prove
from tests.support.world import World

pytestmark = pytest.mark.django_db


def modes() -> list[str]:
    return [mode for (mode,) in call("SELECT DISTINCT mode FROM trade_sale ORDER BY mode")]


def test_a_sale_in_training_is_no_sale_and_says_so(trainee: Trainee) -> None:
    said = trainee.sell().json()
    assert (said["mode"], said["verdict"]) == ("test", "happened")
    assert said["reference"].startswith("TRAINING-")
    assert said["sentence"] == "Training: Paid. Give the goods."
    assert said["receipt_lines"][0].strip("* ") == "TRAINING"
    assert said["receipt_lines"][1] == said["reference"]
    assert "No receipt: nothing was sold." in said["receipt_lines"][-2]
    settle_events()
    assert modes() == ["test"]
    prove()


def test_the_same_cashier_sells_for_real_at_the_same_time(trainee: Trainee, world: World) -> None:
    real = Trainee(world.sam, world.till, is_training=False)
    uuid = uuid4()
    body = basket(payment=paying("cash"), language="en", reference="K-1")
    twin = trainee.call("PUT", f"sales/{uuid}", body).json()
    sold = real.call("PUT", f"sales/{uuid}", body).json()
    assert (twin["mode"], sold["mode"]) == ("test", "live")
    assert (twin["reference"][:9], sold["reference"]) == ("TRAINING-", "K-1")
    assert sold["sentence"] == "Paid. Give the goods."
    assert "TRAINING" not in "".join(sold["receipt_lines"])
    # Neither finds what only the other sold.
    other = trainee.sell().json()["uuid"]
    assert real.call("GET", f"sales/{other}").status_code == 404


def test_each_purchase_in_training_has_a_number_of_its_own_however_often_it_is_sent(
    trainee: Trainee,
) -> None:
    uuid, body = uuid4(), basket(payment=paying("cash"))
    first, again = (trainee.call("PUT", f"sales/{uuid}", body).json() for _ in range(2))
    assert first["reference"] == again["reference"]
    assert trainee.sell().json()["reference"] != first["reference"]


def test_the_customer_who_is_not_real_pays_with_ok_and_gets_points(trainee: Trainee) -> None:
    sold = trainee.sell(kind="ok", code=trainee.shown()).json()
    assert (sold["verdict"], [one["kind"] for one in sold["tenders"]]) == ("happened", ["ok"])
    assert sold["points_earned"] > 0
    settle_events()
    assert call("SELECT DISTINCT mode FROM payments_payment") == [("test",)]
    prove()


def test_a_real_customer_cannot_pay_in_training(trainee: Trainee, bob: Person) -> None:
    refused = trainee.sell(kind="ok", code=show(with_bank_account(bob)))
    assert (refused.status_code, refused.json()["code"]) == (409, "code_wrong_mode")
    assert call("SELECT count(*) FROM payments_payment") == [(0,)]


def test_a_code_of_training_pays_nothing_for_real(trainee: Trainee, world: World) -> None:
    real = Trainee(world.sam, world.till, is_training=False)
    refused = real.sell(kind="ok", code=trainee.shown())
    assert refused.json()["code"] == "code_wrong_mode"
    assert real.code().json()["code"] == "scope_missing"


def test_wrong_codes_in_training_do_not_slow_the_real_till(trainee: Trainee, world: World) -> None:
    wrong = trainee.code(situation="unknown").json()["code"]
    answers = [trainee.sell(kind="ok", code=wrong).json()["code"] for _ in range(12)]
    assert answers[-1] == "code_throttled"
    real = Trainee(world.sam, world.till, is_training=False)
    assert real.sell(kind="ok", code=wrong).json()["code"] == "code_unknown"


def test_a_cashier_gives_back_in_training_and_not_for_real(trainee: Trainee, world: World) -> None:
    back = trainee.give_back(trainee.sell(kind="cash").json()["uuid"]).json()
    assert back["sentence"].startswith("Training: ")
    assert back["receipt_lines"][0].strip("* ") == "TRAINING"
    real = Trainee(world.sam, world.till, is_training=False)
    sold = real.sell(kind="cash").json()["uuid"]
    assert real.give_back(sold).json()["code"] == "scope_missing"
    # Nor does training give back what was sold for real.
    assert trainee.give_back(sold).json()["code"] == "sale_to_refund_unknown"
    assert call("SELECT mode FROM trade_return") == [("test",)]
    prove()


def test_a_manager_gives_back_at_the_till(world: World, bakery: Bakery, bob: Person) -> None:
    grant_membership(
        person_id=bob.pk, merchant_id=bakery.merchant_id, role=Role.MANAGER, actor=SYSTEM
    )
    till = Trainee(bob, world.till, is_training=False)
    back = till.give_back(till.sell(kind="cash").json()["uuid"])
    assert (back.status_code, back.json()["amount"]) == (201, 420)
    assert "till-return-dialog" in till.browser.get("/till/").content.decode()


def test_the_page_of_training_is_the_page_of_the_till(trainee: Trainee) -> None:
    real = trainee.browser.get("/till/").content.decode()
    twin = trainee.browser.get("/till/training/").content.decode()
    assert "data-training" in twin
    assert "till-watermark" in twin
    assert "data-training" not in real
    assert "till-watermark" not in real
    assert "till-return-dialog" not in real  # a cashier's
    # No way leads out of training to what is real, but the one that says so.
    assert "/console/" in real
    assert "/console/" not in twin
    for part in ("till-lines", 'data-pay="pin"', "till-shift"):
        assert part in real
        assert part in twin


def test_training_needs_a_till_of_ones_own(world: World) -> None:
    nobody = Client()
    assert nobody.get("/till/training/").status_code == 302
    nobody.force_login(world.bob)
    assert nobody.get("/till/training/")["Location"] == "/till/choice/?training"
    assert nobody.get("/till/training/runs/").status_code == 403
    chosen = Client()
    chosen.force_login(world.sam)
    to = chosen.post("/till/choice/?training", {"terminal": world.till.terminal.pk})
    assert to["Location"] == "/till/training/"


def test_no_call_of_the_till_forgets_to_say_that_it_trains() -> None:
    """One module sends; another only looks for articles, which are the same for both."""
    modules = (settings.BASE_DIR / "static" / "js").glob("till*.js")
    senders = {module.name for module in modules if "fetch(" in module.read_text()}
    assert senders == {"till-calls.js", "till-find.js"}
