"""A shop corrects points for a reason that the member reads; above a limit two people say so."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from loyalty import invariants
from loyalty.actions.correct_points import correct_points
from loyalty.actions.decide_correction import (
    CorrectionDecided,
    OwnCorrection,
    decide_correction,
)
from loyalty.models import Correction, CorrectionState, Expiry, PointsMove
from loyalty.own_data import LoyaltyData
from okplatform.kernel import clock, db, relay
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.models import AuditEntry
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.actions.grant_membership import grant_membership
from okplatform.parties.models import Person, Role
from okplatform.trade.models import Sale
from tests.loyalty.bakery import Bakery
from tests.loyalty.lots import left, lots, publish
from tests.loyalty.test_invariants import plant
from tests.loyalty.test_pages import CARD, CONSOLE
from tests.support.proofs import prove
from tests.support.push_service import PushService
from tests.support.races import AT_ONCE, all_at_once
from tests.support.world import NOW, World
from tests.wallet.pushes import send_due, wake, wish
from wallet.actions.delete_account import delete_account

PAGE = f"{CONSOLE}corrections/"
pytestmark = pytest.mark.django_db


def works(bakery: Bakery, person: Person, role: Role) -> Client:
    """Let somebody work at the bakery; return their browser, in English."""
    grant_membership(
        person_id=person.pk, merchant_id=bakery.merchant_id, role=role, actor=bakery.actor
    )
    browser = Client()
    browser.force_login(person)
    browser.cookies["django_language"] = "en"
    return browser


@pytest.fixture
def manager(bakery: Bakery, world: World) -> Client:
    """Bob is the bakery's manager."""
    return works(bakery, world.bob, Role.MANAGER)


@pytest.fixture
def owner(bakery: Bakery, world: World) -> Client:
    """Olga owns the bakery, for once."""
    return works(bakery, world.olga, Role.OWNER)


@pytest.fixture
def bought(bakery: Bakery, alice: Person) -> str:
    """Alice has ten points, of the purchase with this number."""
    bakery.join(alice)
    sale_id, _points = bakery.sell(1_000, alice)
    with operator_scope("the tests look"):
        return str(Sale.objects.get(pk=sale_id).uuid)


def ask(browser: Client, number: str, points: int, why: str = "The till was down") -> Any:
    form = {"act": "ask", "number": number, "points": points, "reason": why}
    return browser.post(PAGE, form, follow=True)


def decide(browser: Client, act: str) -> str:
    with operator_scope("the tests look"):
        key = Correction.objects.order_by("-id").first().pk
    page = browser.post(PAGE, {"act": act, "correction": key}, follow=True)
    return str(page.content.decode())


def audited(action: str) -> int:
    return int(AuditEntry.objects.filter(action=action).count())


def test_points_are_corrected_and_the_member_reads_why(
    manager: Client, bakery: Bakery, alice: Person, bought: str, client: Client
) -> None:
    page = ask(manager, bought, 50).content.decode()
    assert "Corrected. The customer sees it" in page
    assert "Alice" not in page
    assert bakery.points(alice) == 60
    assert "Corrected." in ask(manager, bought, -15, "Counted twice").content.decode()
    assert bakery.points(alice) == 45
    client.force_login(alice)
    client.cookies["django_language"] = "en"
    mine = client.get(CARD).content.decode()
    assert "The till was down" in mine
    assert "Counted twice" in mine
    assert "corrected by the shop" in mine
    assert audited("points_corrected") == 2
    prove()


def test_no_more_is_taken_than_there_is(
    manager: Client, bakery: Bakery, alice: Person, bought: str
) -> None:
    answer = ask(manager, bought, -11)
    assert answer.status_code == 422
    assert "not so many points" in answer.content.decode()
    assert bakery.points(alice) == 10
    with operator_scope("the tests look"):
        assert not Correction.objects.exists()
        assert not PointsMove.objects.exists()
    assert audited("points_corrected") == 0


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"points": 0}, "Write how many points"),
        ({"reason": ""}, "This field is required"),
        ({"number": "nothing-like-it"}, "no member of your programme"),
        ({"points": 10**12}, "less than or equal"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(
    manager: Client, bought: str, form: dict[str, Any], said: str
) -> None:
    whole = {"act": "ask", "number": bought, "points": 5, "reason": "Because"} | form
    answer = manager.post(PAGE, whole)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    with operator_scope("the tests look"):
        assert not Correction.objects.exists()


def test_above_the_limit_a_second_person_says_yes(
    manager: Client, owner: Client, bakery: Bakery, alice: Person, bought: str
) -> None:
    assert "waits for somebody else" in ask(manager, bought, 501).content.decode()
    assert bakery.points(alice) == 10
    assert "You asked for this correction yourself" in decide(manager, "agree")
    assert bakery.points(alice) == 10
    assert "Booked." in decide(owner, "agree")
    assert bakery.points(alice) == 511
    assert "waits no more" in decide(owner, "agree")
    assert bakery.points(alice) == 511
    assert (audited("points_correction_asked"), audited("points_corrected")) == (1, 1)
    prove()


def test_small_ones_add_up_to_a_large_one(
    manager: Client, owner: Client, bakery: Bakery, alice: Person, bought: str
) -> None:
    ask(manager, bought, 300)
    assert "waits for somebody else" in ask(manager, bought, 201).content.decode()
    assert "Corrected." in ask(owner, bought, 201).content.decode()
    assert bakery.points(alice) == 511


def test_the_owner_sets_the_limit_and_the_manager_does_not(
    manager: Client, owner: Client, bakery: Bakery, alice: Person, bought: str
) -> None:
    assert manager.post(PAGE, {"act": "limit", "alone_up_to": 9_000}).status_code == 403
    assert owner.post(PAGE, {"act": "limit", "alone_up_to": 4}).status_code == 302
    assert "waits for somebody else" in ask(manager, bought, 5).content.decode()
    assert "Corrected." in ask(manager, bought, 4).content.decode()
    assert bakery.points(alice) == 14


def test_what_is_refused_or_too_late_changes_nothing(
    manager: Client, owner: Client, world: World, bakery: Bakery, alice: Person, bought: str
) -> None:
    ask(manager, bought, 600)
    assert "Refused." in decide(owner, "refuse")
    assert "waits no more" in decide(owner, "agree")
    ask(manager, bought, 600)
    with operator_scope("the tests look"):
        late = Correction.objects.get(state=CorrectionState.WAITING)
    with pytest.raises(CorrectionDecided):
        decide_correction(
            merchant_id=bakery.merchant_id,
            correction_id=late.pk,
            agrees=True,
            decided_by=world.olga.pk,
            actor=bakery.actor,
            now=late.ends_at,
        )
    assert bakery.points(alice) == 10


def test_who_makes_offers_or_works_next_door_corrects_nothing(
    bakery: Bakery, world: World, charlie: Person, bought: str, client: Client
) -> None:
    roles = {world.bob: Role.MARKETER, world.olga: Role.CASHIER, world.anna: Role.FINANCE}
    for person, role in roles.items():
        browser = works(bakery, person, role)
        assert browser.get(PAGE).status_code == 403
        assert ask(browser, bought, 5).status_code == 403
    client.force_login(charlie)
    assert client.get(PAGE).status_code in {403, 404}
    answer = ask_next_door(client, bought)
    assert answer.status_code in {404, 422}
    with operator_scope("the tests look"):
        assert not Correction.objects.exists()


def ask_next_door(client: Client, number: str) -> Any:
    form = {"act": "ask", "number": number, "points": 5, "reason": "x"}
    return client.post("/console/kaashuis/programme/corrections/", form)


def test_points_given_lie_in_a_lot_and_pay_what_is_owed(
    manager: Client, bakery: Bakery, alice: Person
) -> None:
    publish(bakery, Expiry.DAYS, 30)
    bakery.join(alice)
    sale_id, _points = bakery.sell(1_000, alice)
    with operator_scope("the tests look"):
        number = str(Sale.objects.get(pk=sale_id).uuid)
    ask(manager, number, 40)
    ask(manager, number, -25)
    assert (bakery.points(alice), left(alice)) == (25, [0, 25])
    assert all(lot.expires_at for lot in lots(alice))
    prove()


def test_who_leaves_leaves_no_words_and_nothing_that_waits(
    manager: Client, owner: Client, world: World, alice: Person, bought: str, client: Client
) -> None:
    ask(manager, bought, 30, "Alice called us")
    ask(manager, bought, 600, "Alice called again")
    client.force_login(alice)
    sections = take_along(alice)
    assert sections == [("corrected", 30, "Alice called us")]
    (asked, again) = rows_of(world.bob, "points_corrections")
    assert (asked["points"], asked["asked"], asked["decided"]) == (30, True, False)
    assert again["state"] == "waiting"
    assert not rows_of(alice, "points_corrections")
    leave(alice)
    assert "waits no more" in decide(owner, "agree")
    with operator_scope("the tests look"):
        assert set(Correction.objects.values_list("reason", flat=True)) == {""}
        assert set(PointsMove.objects.values_list("words", flat=True)) == {""}
    assert ask(manager, bought, 5).status_code == 422
    prove()


def rows_of(person: Person, name: str) -> list[Any]:
    (found,) = [one for one in LoyaltyData().sections(person.pk) if one.name == name]
    return list(found.rows)


def take_along(person: Person) -> list[tuple[str, int, str]]:
    rows = rows_of(person, "points_changes")
    return [(row["what"], row["points"], row["why"]) for row in rows]


def leave(person: Person) -> None:
    delete_account(person_id=person.pk, actor=SYSTEM, now=NOW + timedelta(hours=1))


def test_the_phone_says_that_points_changed(
    push_service: PushService, manager: Client, bakery: Bakery, alice: Person, bought: str
) -> None:
    phone = push_service.phone(alice)
    wake(alice)
    ask(manager, bought, 50)
    relay.drain()
    assert send_due(clock.now()) == ["sent"]
    wish(alice, shows_details=True)
    ask(manager, bought, -20, "Counted twice")
    relay.drain()
    assert send_due(clock.now()) == ["sent"]
    said = [(shown["title"], shown["body"]) for shown in phone.shown]
    assert said == [
        ("Uw punten zijn veranderd", "Open OK om te zien waar, en waarom."),
        ("Bakkerij Bol", "-20 punten: Counted twice"),
    ]


def test_postgresql_holds_that_nobody_agrees_with_themselves(
    manager: Client, bakery: Bakery, bought: str
) -> None:
    ask(manager, bought, 600)
    with pytest.raises(Exception, match="correction_has_a_second_person"), db.transaction():
        db.call(
            "UPDATE loyalty_correction SET state = 'booked', decided_by_id = asked_by_id,"
            " move_id = (SELECT loyalty_move_points(member_id, 'corrected', 600, '', NULL, now()))"
        )


def test_a_planted_move_is_found(manager: Client, bakery: Bakery, bought: str) -> None:
    ask(manager, bought, 50)
    assert not invariants.points_in_the_ledger_are_points_earned().breaches
    plant("UPDATE loyalty_points_move SET points = points + 1")
    assert invariants.points_in_the_ledger_are_points_earned().breaches


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_of_many_who_say_yes_at_once_one_books_it(
    bakery: Bakery, world: World, alice: Person
) -> None:
    member = bakery.join(alice)
    asked = correct_points(
        merchant_id=bakery.merchant_id,
        member_id=member.pk,
        points=5_000,
        reason="Brought along",
        asked_by=world.bob.pk,
        actor=bakery.actor,
        now=NOW,
    )
    deciders = [world.olga.pk, world.bob.pk]

    def act(number: int) -> str:
        try:
            decide_correction(
                merchant_id=bakery.merchant_id,
                correction_id=asked.pk,
                agrees=True,
                decided_by=deciders[number % 2],
                actor=bakery.actor,
                now=NOW,
            )
        except (CorrectionDecided, OwnCorrection) as refusal:
            return refusal.code
        return "booked"

    found = all_at_once(act)
    assert found == {
        "booked": 1,
        "correction_is_your_own": AT_ONCE // 2,
        "correction_decided": AT_ONCE // 2 - 1,
    }
    assert bakery.points(alice) == 5_000
    prove("events_are_handled")


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_many_small_ones_at_once_stay_below_the_limit(
    bakery: Bakery, world: World, alice: Person
) -> None:
    member = bakery.join(alice)
    bob = world.bob.pk

    def act(_number: int) -> str:
        return str(
            correct_points(
                merchant_id=bakery.merchant_id,
                member_id=member.pk,
                points=100,
                reason="Small",
                asked_by=bob,
                actor=bakery.actor,
                now=NOW,
            ).state
        )

    assert all_at_once(act) == {"booked": 5, "waiting": AT_ONCE - 5}
    assert bakery.points(alice) == 500
