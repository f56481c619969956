"""The console's page about the sandbox: who may, what it shows, what its buttons do."""

import pytest
from django.test import Client

from merchants.magic import CODES, MAGIC
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.models import AuditEntry
from okplatform.parties.actions.grant_membership import grant_membership
from okplatform.parties.models import Role
from tests.loyalty.bakery import Bakery
from tests.merchants.sandbox.conftest import Box, wall

pytestmark = pytest.mark.django_db

PAGE = "/console/bakkerij-bol/sandbox/"


@pytest.fixture
def owner(bakery: Bakery) -> Client:
    """The bakery's owner; Bob, here."""
    world = bakery.world
    grant_membership(
        person_id=world.bob.pk, merchant_id=bakery.merchant_id, role=Role.OWNER, actor=SYSTEM
    )
    client = Client()
    client.force_login(world.bob)
    client.cookies["django_language"] = "en"
    return client


def shown(client: Client) -> str:
    answer = client.get(PAGE)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_it_shows_what_the_sandbox_does_on_purpose(owner: Client) -> None:
    page = shown(owner)
    for magic in MAGIC:
        assert f"{magic.amount // 100}.{magic.amount % 100:02}" in page
        assert not magic.code or f">{magic.code}</code>" in page
    for row in CODES:
        assert f"<code>{row.situation}</code>" in page
    assert "Begun anew 0 times." in page


@pytest.mark.parametrize(
    ("act", "seconds"), [("minute", 60), ("hour", 3600), ("day", 86_400), ("month", 2_592_000)]
)
def test_a_button_moves_the_clock(owner: Client, box: Box, act: str, seconds: int) -> None:
    assert owner.post(PAGE, {"act": act}).status_code == 302
    assert box.state["ahead_seconds"] == seconds
    owner.post(PAGE, {"act": act})
    assert box.state["ahead_seconds"] == 2 * seconds
    assert "it goes on from here" in shown(owner)


def test_a_moment_is_on_the_merchants_clock(owner: Client, box: Box) -> None:
    year = wall().year + 1
    owner.post(PAGE, {"act": "move", "to": f"{year}-07-01T09:00"})
    assert box.now.replace(microsecond=0, second=0).isoformat() == f"{year}-07-01T07:00:00+00:00"
    assert "1 July" in shown(owner)


def test_what_cannot_be_is_said(owner: Client, box: Box) -> None:
    back = owner.post(PAGE, {"act": "move", "to": "2020-01-01T09:00"}, follow=True)
    assert "only goes forward" in back.content.decode()
    assert owner.post(PAGE, {"act": "move", "to": "soon"}).status_code == 422
    for said in ({"act": "nothing"}, {"act": "reset"}, {"act": "reset", "epoch": "x"}):
        assert owner.post(PAGE, said).status_code == 404
    assert (box.state["ahead_seconds"], box.state["epoch"]) == (0, 0)


def test_it_begins_anew_once_however_often_the_page_is_sent(owner: Client, box: Box) -> None:
    owner.post(PAGE, {"act": "day"})
    for _sent in range(3):
        owner.post(PAGE, {"act": "reset", "epoch": "0"})
    assert (box.state["epoch"], box.state["ahead_seconds"]) == (1, 0)
    assert "Begun anew 1 time." in shown(owner)
    assert AuditEntry.objects.filter(action="sandbox_reset").get().actor_kind == "membership"


def test_a_cashier_and_a_neighbour_may_not(bakery: Bakery, box: Box) -> None:
    for person, status in ((bakery.world.sam, 403), (bakery.world.charlie, 404)):
        client = Client()
        client.force_login(person)
        assert client.get(PAGE).status_code == status
        assert client.post(PAGE, {"act": "day"}).status_code == status
    assert box.state["ahead_seconds"] == 0


def test_it_speaks_dutch(owner: Client) -> None:
    owner.cookies["django_language"] = "nl"
    page = shown(owner)
    assert "Magische bedragen" in page
    assert "Magic amounts" not in page
