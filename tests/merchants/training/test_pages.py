"""The console's page of training: which stores are ready, and who knows the till."""

import pytest
from django.test import Client

from merchants.training.scenarios import SCENARIOS
from okplatform.kernel.audit import SYSTEM
from okplatform.parties.actions.grant_membership import grant_membership
from okplatform.parties.models import Person, Role
from tests.merchants.training.test_runs import BLOCKED, LOST, TEA, age, begun
from tests.merchants.training.trainee import Trainee
from tests.support.counter import BREAD, COFFEE
from tests.support.world import Place, World

pytestmark = pytest.mark.django_db

PAGE = "/console/bakkerij-bol/training/"


def works(person: Person, place: Place, role: Role, *, only_here: bool = False) -> Client:
    grant_membership(
        person_id=person.pk,
        merchant_id=place.merchant.pk,
        role=role,
        actor=SYSTEM,
        **({"store_id": place.store.pk} if only_here else {}),
    )
    client = Client()
    client.force_login(person)
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def owner(world: World) -> Client:
    return works(world.olga, world.till, Role.OWNER)


def train(trainee: Trainee) -> list[str]:
    """Do all five well."""
    runs = [begun(trainee, "three_lines")]
    trainee.sell(BREAD, COFFEE, TEA)
    trainee.done(runs[-1])
    for scenario, line, kind in (
        ("ok_code", BREAD, "ok"),
        ("refused_code", BLOCKED, "pin"),
        ("lost_answer", LOST, "ok"),
    ):
        runs.append(begun(trainee, scenario))
        trainee.sell(line, kind=kind, code=trainee.shown())
        trainee.done(runs[-1])
    receipt = trainee.sell(kind="cash").json()["uuid"]
    runs.append(begun(trainee, "give_back", receipt=receipt))
    trainee.give_back(receipt)
    trainee.done(runs[-1])
    return runs


def said(client: Client) -> str:
    return " ".join(client.get(PAGE).content.decode().split())


def test_without_any_training_it_says_how_to_begin(owner: Client) -> None:
    text = said(owner)
    assert "Nobody has trained yet" in text
    assert "0 of 1 store is ready" in text
    assert "There is no programme with terms yet" in text
    assert "It goes when somebody no longer works here" in text


def test_a_store_is_ready_when_one_cashier_knows_the_till(trainee: Trainee, owner: Client) -> None:
    assert "Not ready yet" in said(owner)
    train(trainee)
    text = said(owner)
    assert "1 of 1 store is ready" in text
    assert "Not ready yet" not in text
    assert "Sam Bakker" in text
    assert text.count('aria-label="3 of 3 stars"') == len(SCENARIOS)
    page = trainee.browser.get("/till/training/runs/").content.decode()
    assert page.count('aria-label="3 of 3 stars"') == len(SCENARIOS)


def test_what_is_older_than_half_a_year_counts_no_more(trainee: Trainee, owner: Client) -> None:
    runs = train(trainee)
    age(runs[0], days=181)
    text = said(owner)
    assert "0 of 1 store is ready" in text
    assert "4 of 5" in text


def test_one_scenario_done_badly_is_not_enough(trainee: Trainee, owner: Client) -> None:
    run = begun(trainee, "three_lines")
    trainee.sell(kind="cash")
    trainee.done(run)
    text = said(owner)
    assert "There were fewer articles than were asked for." in text
    assert "0 of 5" in text


@pytest.mark.usefixtures("trainee")
def test_a_manager_of_one_store_sees_that_store(world: World) -> None:
    world.bol.open("zeist", "Zeist")
    manager = works(world.bob, world.bol.places["zeist"], Role.MANAGER, only_here=True)
    text = said(manager)
    assert "Zeist" in text
    assert "Utrecht" not in text


@pytest.mark.parametrize("role", [Role.CASHIER, Role.MARKETER, Role.FINANCE])
def test_nobody_else_reads_how_people_do(world: World, role: Role) -> None:
    assert works(world.bob, world.till, role).get(PAGE).status_code == 403


def test_another_merchants_owner_finds_nothing(world: World) -> None:
    stranger, page = Client(), f"/console/{world.till.merchant.reference}/training/"
    stranger.force_login(world.charlie)
    assert stranger.get(page).status_code == 404
