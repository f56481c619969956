"""The console's pages: who may, what they show, and that a secret is shown once."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from merchants.models import DeliveryState, WebhookDelivery, WebhookEndpoint
from merchants.webhooks.actions.add_endpoint import MOST
from merchants.webhooks.vocabulary import NAMES
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.db import call
from okplatform.kernel.models import AuditEntry
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.actions.grant_membership import grant_membership
from okplatform.parties.models import Person, Role
from tests.loyalty.bakery import Bakery
from tests.merchants.webhooks.conftest import Line
from tests.support.counter import Counter, settle_events
from tests.support.receiver import Receiver
from tests.support.world import World

pytestmark = pytest.mark.django_db

LIST = "/console/bakkerij-bol/webhooks/"
NEW = f"{LIST}new/"
SECRET = re.compile(r"whsec_[A-Za-z0-9+/]{43}=")


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def owner(world: World, bakery: Bakery) -> Client:
    """The bakery's owner; Bob, here."""
    grant_membership(
        person_id=world.bob.pk, merchant_id=bakery.merchant_id, role=Role.OWNER, actor=SYSTEM
    )
    return signed_in(world.bob)


def page(client: Client, address: str = LIST) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return str(answer.content.decode())


def asked(**other: Any) -> dict[str, Any]:
    return {
        "uuid": str(uuid4()),
        "url": "https://shop.example.nl/hooks",
        "mode": "live",
        "types": ["sale.closed", "sale.refunded"],
        **other,
    }


def endpoints() -> list[WebhookEndpoint]:
    with operator_scope("the test looks"):
        return list(WebhookEndpoint.objects.order_by("pk"))


def test_an_owner_adds_an_endpoint_and_sees_its_secret_once(owner: Client) -> None:
    assert "Nog geen adressen" in page(owner)
    form = asked()
    added = owner.post(NEW, form)
    assert added.status_code == 200
    assert added["Cache-Control"] == "no-store"
    assert len(SECRET.findall(added.content.decode())) == 1
    (endpoint,) = endpoints()
    assert (endpoint.url, endpoint.types) == (form["url"], form["types"])
    detail = f"{LIST}{form['uuid']}/"
    for address in (LIST, detail):
        assert not SECRET.search(page(owner, address))
    # The page sent again adds nothing, and shows nothing.
    again = owner.post(NEW, form)
    assert again["Location"] == detail
    assert len(endpoints()) == 1
    entry = AuditEntry.objects.get(action="webhook_endpoint_added")
    assert entry.actor_kind == "membership"
    assert "whsec" not in str(entry.data)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"url": "http://shop.example.nl/"}, "https://"),
        ({"url": "https://10.0.0.1/"}, "https://"),
        ({"url": ""}, "field-error"),
        ({"types": []}, "Kies minstens"),
        ({"types": ["sale.exploded"]}, "sale.exploded"),
        ({"mode": "both"}, "both"),
    ],
)
def test_what_does_not_fit_is_said_and_nothing_is_added(
    owner: Client, said: dict[str, Any], told: str
) -> None:
    answer = owner.post(NEW, asked(**said))
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert endpoints() == []


def test_there_are_only_so_many_endpoints(owner: Client) -> None:
    for _endpoint in range(MOST):
        assert owner.post(NEW, asked()).status_code == 200
    answer = owner.post(NEW, asked())
    assert answer.status_code == 422
    assert str(MOST) in answer.content.decode()
    owner.post(f"{LIST}{endpoints()[0].uuid}/", {"act": "disable"})
    assert owner.post(NEW, asked()).status_code == 200


def test_who_may(owner: Client, world: World, line: Line, alice: Person) -> None:
    detail = f"{LIST}{line.uuid}/"
    grant_membership(
        person_id=world.olga.pk, merchant_id=line.merchant.pk, role=Role.MANAGER, actor=SYSTEM
    )
    people = {world.olga: 200, world.sam: 403, world.charlie: 404, alice: 404}
    for person, status in people.items():
        for address in (LIST, NEW, detail):
            assert signed_in(person).get(address).status_code == status
    for act in ("disable", "rotate", "test"):
        for person in (world.sam, world.charlie, alice):
            assert signed_in(person).post(detail, {"act": act}).status_code in (403, 404)
    assert Client().get(detail).status_code == 302
    assert line.row.disabled_at is None
    assert line.deliveries == []


def test_a_neighbours_endpoint_is_not_there(owner: Client, world: World, line: Line) -> None:
    neighbour = Line(world.kaashuis.merchant, line.url)
    address = f"{LIST}{neighbour.uuid}/"
    assert owner.get(address).status_code == 404
    for act in ("disable", "enable", "rotate", "test"):
        assert owner.post(address, {"act": act}).status_code == 404
    said = {"act": "replay-since", "since": "2026-01-01T00:00"}
    assert owner.post(address, said).status_code == 404
    assert neighbour.row.disabled_at is None
    assert neighbour.row.old_secret is None


def test_the_log_shows_what_became_of_each(
    owner: Client, line: Line, counter: Counter, receiver: Receiver
) -> None:
    detail = f"{LIST}{line.uuid}/"
    assert "Er is nog niets verstuurd" in page(owner, detail)
    counter.sell()
    settle_events()
    receiver.answer(500)
    line.serve()
    shown = page(owner, detail)
    assert "antwoord 500" in shown
    assert "1 bericht wacht" in shown
    line.serve(after=timedelta(minutes=1))
    shown = page(owner, detail)
    assert "2 keer geprobeerd" in shown
    assert str(line.deliveries[0]) in shown

    (one,) = line.deliveries
    assert owner.post(detail, {"act": "replay", "delivery": one.pk})["Location"] == detail
    assert line.states == [DeliveryState.WAITING]
    assert "opnieuw verstuurd" in page(owner, detail)


def test_everything_since_a_moment_on_the_shops_clock(
    owner: Client, line: Line, counter: Counter
) -> None:
    counter.sell()
    settle_events()
    line.serve()
    detail = f"{LIST}{line.uuid}/"
    local = timezone.localtime(line.deliveries[0].created_at)
    after, before = (local + timedelta(minutes=2), local - timedelta(minutes=2))
    owner.post(detail, {"act": "replay-since", "since": f"{after:%Y-%m-%dT%H:%M}"})
    assert line.states == [DeliveryState.DELIVERED]
    owner.post(detail, {"act": "replay-since", "since": f"{before:%Y-%m-%dT%H:%M}"})
    assert line.states == [DeliveryState.WAITING]
    assert owner.post(detail, {"act": "replay-since", "since": "gisteren"}).status_code == 422
    assert owner.post(detail, {"act": "replay", "delivery": "x"}).status_code == 404
    assert owner.post(detail, {"act": "explode"}).status_code == 404


def test_a_test_is_sent_and_a_disabled_endpoint_is_left_alone(
    owner: Client, line: Line, receiver: Receiver
) -> None:
    detail = f"{LIST}{line.uuid}/"
    owner.post(detail, {"act": "test"})
    line.serve()
    assert receiver.types == ["webhook.test"]
    assert receiver.received[0].verified(line.secret)["data"]["endpoint"] == str(line.uuid)
    owner.post(detail, {"act": "disable"})
    assert "uitgezet" in page(owner, detail)
    owner.post(detail, {"act": "test"})
    assert "Zet het eerst aan" in page(owner, detail)
    line.serve()
    assert len(receiver.received) == 1
    owner.post(detail, {"act": "enable"})
    owner.post(detail, {"act": "test"})
    line.serve()
    assert len(receiver.received) == 2


def test_a_new_secret_is_shown_once_and_the_old_one_still_signs(
    owner: Client, line: Line, receiver: Receiver
) -> None:
    detail = f"{LIST}{line.uuid}/"
    answer = owner.post(detail, {"act": "rotate"})
    (new,) = SECRET.findall(answer.content.decode())
    assert answer["Cache-Control"] == "no-store"
    assert not SECRET.search(page(owner, detail))
    owner.post(detail, {"act": "test"})
    line.serve()
    assert receiver.received[0].verified(new) == receiver.received[0].verified(line.secret)


def test_a_long_log_has_pages(owner: Client, line: Line, counter: Counter) -> None:
    counter.sell()
    settle_events()
    with operator_scope("the test"):
        one = WebhookDelivery.objects.get()
        copies = []
        for number in range(120):
            copies.append(WebhookDelivery.objects.get(pk=one.pk))
            copies[-1].pk, copies[-1].message, copies[-1].event_id = None, uuid4(), None
            copies[-1].place = one.place + 1_000 + number
        WebhookDelivery.objects.bulk_create(copies)
    detail = f"{LIST}{line.uuid}/"
    seen: list[str] = []
    address: str | None = detail
    while address:
        shown = page(owner, address)
        seen += re.findall(r"wrap-anywhere\">(msg_[0-9a-f]{32})<", shown)
        following = re.search(r'href="(\?before=[0-9]+)"', shown)
        address = detail + following[1] if following else None
    assert len(seen) == len(set(seen)) == 121
    assert page(owner, f"{detail}?state=delivered").count("msg_") == 0
    assert page(owner, f"{detail}?before=nonsense&state=nonsense")


def test_the_owner_reads_on_every_page_that_an_endpoint_is_gone(
    owner: Client, world: World, line: Line, counter: Counter, receiver: Receiver
) -> None:
    live = "/console/bakkerij-bol/live/"
    assert "127.0.0.1" not in page(owner, live)
    counter.sell()
    settle_events()
    receiver.answer(410)
    line.serve()
    shown = page(owner, live)
    assert "127.0.0.1 zegt dat het weg is" in shown
    assert f"{LIST}{line.uuid}/" in shown
    # Whoever looks after it may say so: then it is no news any more.
    owner.post(f"{LIST}{line.uuid}/", {"act": "disable"})
    assert "127.0.0.1" not in page(owner, live)
    till = signed_in(world.sam).get("/till/", follow=True).content.decode()
    assert "127.0.0.1" not in till


def test_the_owner_reads_that_a_server_takes_nothing(
    owner: Client, line: Line, counter: Counter, receiver: Receiver
) -> None:
    counter.sell()
    settle_events()
    receiver.answer(*[500] * 5)
    for _failure in range(5):
        line.serve(after=timedelta(hours=5))
    assert "niets van ons aangenomen" in page(owner)
    line.serve(after=timedelta(hours=5))
    assert "niets van ons aangenomen" not in page(owner)


def test_what_waits_is_counted_and_all_kinds_can_be_chosen(owner: Client) -> None:
    shown = page(owner, NEW)
    for name in NAMES:
        assert f'value="{name}"' in shown
    assert call("SELECT count(*) FROM merchants_webhook_endpoint") == [(0,)]
