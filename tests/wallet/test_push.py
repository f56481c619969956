"""A notification: encrypted for one browser, signed by OK, sent once, and only where it may go."""

import socket
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from pytest_django import Settings

from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.models import AuditEntry
from okplatform.parties.models import Person
from tests.support.push_service import (
    BrowserKeys,
    PushPhone,
    PushService,
    padded,
    sender_of,
    unpadded,
)
from tests.support.races import AT_ONCE, all_at_once
from tests.support.receiver import Resolver
from tests.wallet.pushes import deliveries, notices, phones, send_due, tell, wake, wish
from wallet.actions.forget_pushes import forget_pushes
from wallet.actions.send_push import CLAIM_LASTS, send_push
from wallet.push_schedule import KEPT_FOR, LASTS
from wallet.web_push import MOST_BYTES, encrypted, public_key

pytestmark = pytest.mark.django_db

SECRET = "BTBZMqHH6r4Tts7J_aSIgg"
RECEIVER = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"
SENDER = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
SALT = "DGv6ra1nlYgDCS1FRnbzlw"
MESSAGE = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS"
    "6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qu"
    "lcy4a-fN"
)
WATERMELON = b"When I grow up, I want to be a watermelon"


def key(text: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(padded(text), "big"), ec.SECP256R1())


def test_the_example_of_rfc_8291_is_written_byte_for_byte_and_read_back() -> None:
    browser = BrowserKeys(key(RECEIVER), padded(SECRET))
    sent = encrypted(
        WATERMELON, p256dh=browser.p256dh, auth=browser.auth, own=key(SENDER), salt=padded(SALT)
    )
    assert unpadded(sent) == MESSAGE
    assert browser.read(padded(MESSAGE)) == WATERMELON


def test_no_two_messages_look_alike_and_none_is_too_long() -> None:
    browser = BrowserKeys()
    keys: dict[str, Any] = {"p256dh": browser.p256dh, "auth": browser.auth}
    first, second = (encrypted(b"same", **keys) for _time in range(2))
    assert first != second
    assert browser.read(first) == browser.read(second) == b"same"
    assert len(encrypted(b"x" * MOST_BYTES, **keys)) <= 4_096
    with pytest.raises(ValueError, match="at most"):
        encrypted(b"x" * (MOST_BYTES + 1), **keys)


@pytest.fixture
def phone(push_service: PushService, alice: Person) -> PushPhone:
    """Alice's phone, with notifications on and without quiet hours."""
    phone = push_service.phone(alice)
    wake(alice)
    return phone


def test_the_browser_reads_what_only_it_can_and_the_service_knows_who_sends(
    phone: PushPhone, alice: Person, now: datetime
) -> None:
    tell(alice, now)
    assert send_due(now) == ["sent"]
    (message,) = phone.received
    (shown,) = phone.shown
    assert shown["url"] == "/wallet/cards/"
    assert shown["title"] == "Er verloopt binnenkort een kaart"
    assert "Bonuskaart" not in str(shown)
    assert b"kaart" not in message.body
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(phone.endpoint))
    sender = sender_of(message, audience=origin)
    assert sender["key"] == public_key()
    assert now.timestamp() < sender["exp"] <= (now + timedelta(hours=24)).timestamp()
    assert sender["sub"].startswith(("mailto:", "https://"))
    headers = message.headers
    assert (headers["content-encoding"], headers["urgency"]) == ("aes128gcm", "normal")
    assert headers["ttl"] == str(int(LASTS.total_seconds()))
    assert len(headers["topic"]) <= 32
    assert shown["tag"] == headers["topic"]


def test_who_wants_to_see_names_sees_them_in_their_own_language(
    phone: PushPhone, alice: Person, now: datetime
) -> None:
    wish(alice, shows_details=True)
    Person.objects.filter(pk=alice.pk).update(language="en")
    tell(alice, now)
    send_due(now)
    (shown,) = phone.shown
    assert (shown["title"], shown["body"]) == ("Bonuskaart", "Valid until 30 November.")


def test_each_phone_hears_of_it_once_and_nobody_elses_does(
    push_service: PushService, phone: PushPhone, alice: Person, bob: Person, now: datetime
) -> None:
    desk, his = push_service.phone(alice), push_service.phone(bob)
    assert tell(alice, now) == 2
    assert tell(alice, now) == 0
    assert send_due(now) == ["sent", "sent"]
    assert send_due(now) == []
    assert (len(phone.shown), len(desk.shown), len(his.received)) == (1, 1, 0)
    # A push service cannot see that both are about the same.
    assert phone.shown[0]["tag"] != desk.shown[0]["tag"]


def test_who_turned_nothing_on_is_told_nothing_and_nothing_is_kept(
    alice: Person, now: datetime
) -> None:
    assert tell(alice, now) == 0
    assert notices() == []


def test_a_kind_that_is_off_is_not_told_also_when_it_was_turned_off_on_the_way(
    phone: PushPhone, alice: Person, now: datetime
) -> None:
    tell(alice, now)
    wish(alice, kinds=["security"])
    assert send_due(now) == ["dropped"]
    assert tell(alice, now, about="2") == 0
    assert phone.received == []
    wish(alice, kinds=["security", "card"])
    assert send_due(now + timedelta(days=1)) == []


@pytest.mark.parametrize("status", [404, 410])
def test_a_phone_that_is_gone_is_forgotten_with_all_that_was_on_its_way(
    push_service: PushService, phone: PushPhone, alice: Person, now: datetime, status: int
) -> None:
    other = push_service.phone(alice)
    push_service.receiver.answer(status)
    tell(alice, now)
    tell(alice, now, about="2")
    assert sorted(map(str, send_due(now))) == ["None", "dropped", "sent", "sent"]
    assert [one.endpoint for one in phones()] == [other.endpoint]
    assert [one.state for one in deliveries()] == ["sent", "sent"]
    assert AuditEntry.objects.filter(action="push_gone").count() == 1


def test_a_service_that_is_down_is_tried_again_and_its_wish_respected(
    push_service: PushService, phone: PushPhone, alice: Person, now: datetime
) -> None:
    def busy(handler: object) -> None:
        handler.send_response(429)  # type: ignore[attr-defined]
        handler.send_header("Retry-After", "600")  # type: ignore[attr-defined]
        handler.end_headers()  # type: ignore[attr-defined]

    push_service.receiver.answer(503, busy)
    tell(alice, now)
    assert send_due(now) == ["waiting"]
    assert send_due(now) == []
    soon = now + timedelta(seconds=6)
    assert send_due(soon) == ["waiting"]
    assert send_due(soon + timedelta(seconds=599)) == []
    assert send_due(soon + timedelta(seconds=600)) == ["sent"]
    assert len(phone.shown) == 3
    assert len({shown["tag"] for shown in phone.shown}) == 1
    assert deliveries()[0].attempts == 3


def test_it_is_given_up_when_it_is_of_no_use_any_more(
    push_service: PushService, phone: PushPhone, alice: Person, now: datetime
) -> None:
    tell(alice, now)
    later = now + LASTS - timedelta(seconds=3)
    push_service.receiver.answer(500)
    assert send_due(later) == ["given_up"]
    tell(alice, now, about="2")
    assert send_due(now + LASTS) == ["given_up"]
    assert len(phone.received) == 1
    assert send_due(now + 2 * LASTS) == []


@pytest.mark.parametrize("status", [302, 400, 403, 413])
def test_a_no_is_a_no(
    push_service: PushService, phone: PushPhone, alice: Person, now: datetime, status: int
) -> None:
    push_service.receiver.answer("https://10.0.0.1/" if status == 302 else status)
    tell(alice, now)
    assert send_due(now) == ["given_up"]
    assert deliveries()[0].status == status
    assert len(phone.received) == 1
    assert len(phones()) == 1


def test_a_date_to_come_back_at_counts_too(
    push_service: PushService, phone: PushPhone, alice: Person, now: datetime
) -> None:
    until = now + timedelta(hours=1)

    def away(handler: object) -> None:
        handler.send_response(503)  # type: ignore[attr-defined]
        handler.send_header("Retry-After", format_datetime(until, usegmt=True))  # type: ignore[attr-defined]
        handler.end_headers()  # type: ignore[attr-defined]

    push_service.receiver.answer(away)
    tell(alice, now)
    send_due(now)
    assert deliveries()[0].due_at == until


def test_a_sender_that_died_leaves_it_to_another(
    phone: PushPhone, alice: Person, now: datetime
) -> None:
    tell(alice, now)
    one = deliveries()[0]
    one.claimed_until = now + CLAIM_LASTS
    one.save()
    assert send_due(now) == []
    assert send_push(delivery_id=one.pk, now=now, actor=SYSTEM) is None
    assert phone.received == []
    assert send_due(now + CLAIM_LASTS) == ["sent"]


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_64_senders_at_once_send_once(phone: PushPhone, alice: Person, now: datetime) -> None:
    tell(alice, now)
    one = deliveries()[0].pk
    became = all_at_once(lambda _n: str(send_push(delivery_id=one, now=now, actor=SYSTEM)))
    assert became == {"sent": 1, "None": AT_ONCE - 1}
    assert len(phone.received) == 1


def test_what_is_over_is_forgotten_after_a_week(
    phone: PushPhone, alice: Person, now: datetime
) -> None:
    tell(alice, now)
    send_due(now)
    assert forget_pushes(now=now + LASTS + KEPT_FOR) == 0
    assert forget_pushes(now=now + LASTS + KEPT_FOR + timedelta(seconds=1)) == 1
    assert notices() == []
    assert deliveries() == []
    assert len(phones()) == 1


PRIVATE = ["10.0.0.1", "127.0.0.1", "169.254.169.254", "192.168.1.1", "::1", "fd00:ec2::254"]


@pytest.mark.parametrize("address", PRIVATE)
def test_a_name_that_stands_for_a_private_address_is_not_called(
    phone: PushPhone,
    alice: Person,
    now: datetime,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    address: str,
) -> None:
    port = urlsplit(phone.endpoint).port
    one = phones()[0]
    one.endpoint = f"https://push.example.nl:{port}/1"
    one.save()
    settings.OK_PUSH_LOOPBACK = False
    names = Resolver(socket.getaddrinfo, {"push.example.nl": [address]})
    monkeypatch.setattr(socket, "getaddrinfo", names)
    tell(alice, now)
    assert send_due(now) == ["given_up"]
    assert deliveries()[0].error == "address_refused"
    assert phone.received == []
