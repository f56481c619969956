import base64
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client

from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.db import transaction
from okplatform.kernel.models import AuditEntry, Event
from okplatform.parties.models import Person
from tests.support.phone import Phone
from tests.support.scanning import scan
from wallet import hooks, keys
from wallet.actions.bind_code import bind
from wallet.actions.block_device import DeviceUnknown, block_device
from wallet.actions.issue_test_code import NoSuchTestPerson, issue_test_code
from wallet.actions.stock_handles import STOCK, DeviceIsBlocked, stock_handles
from wallet.hooks import Funding
from wallet.models import Device, Handle

pytestmark = pytest.mark.django_db


class TwoAccounts:
    """What payments registers for somebody with two bank accounts."""

    def sources(self, _person_id: int, _mode: str) -> list[Funding]:
        return [Funding(11, "ING", "4521"), Funding(12, "Triodos", "0077")]


@pytest.fixture(autouse=True)
def accounts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hooks, "_funding_sources", [TwoAccounts()])


@pytest.fixture
def signed_in(alice: Person) -> Client:
    client = Client(enforce_csrf_checks=False)
    client.force_login(alice)
    return client


def post(client: Client, address: str, **body: Any) -> Any:
    return client.post(address, body, content_type="application/json")


def fresh_point() -> bytes:
    return keys.point(ec.generate_private_key(ec.SECP256R1()))


def enrol(client: Client, point: bytes | None = None) -> Any:
    public_key = base64.b64encode(point or fresh_point()).decode()
    return post(client, "/wallet/phone/", public_key=public_key, name="Android")


def test_a_phone_enrols_with_its_public_key_alone(signed_in: Client, alice: Person) -> None:
    point = fresh_point()
    answer = enrol(signed_in, point)
    assert answer.status_code == 200
    assert base64.b64decode(answer.json()["server_public_key"]) == keys.server_point()
    device = Device.objects.get(uuid=answer.json()["device"])
    assert (device.person_id, device.mode, device.name) == (alice.pk, "live", "Android")
    assert bytes(device.public_key) == point
    assert AuditEntry.objects.filter(action="device_enrolled", object_id=device.uuid).exists()
    assert Event.objects.get(type="wallet.device_enrolled").payload["person_id"] == alice.pk


def test_the_answer_tells_the_servers_time(signed_in: Client) -> None:
    before = datetime.now().timestamp()  # noqa: DTZ005, TID251 -- the edge reads the real clock
    assert abs(enrol(signed_in).json()["server_time"] / 1000 - before) < 5


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"public_key": "", "name": "x"}, 422, "public_key_malformed"),
        ({"public_key": "AAAA", "name": "x"}, 422, "public_key_malformed"),
        ({"public_key": "not base64!", "name": "x"}, 422, "public_key_malformed"),
        ({"public_key": "A" * 200, "name": "x"}, 422, "invalid_request"),
        ({"public_key": "AAAA", "name": ""}, 422, "invalid_request"),
        ({"name": "x"}, 422, "invalid_request"),
        ({"public_key": "AAAA", "name": "x", "more": 1}, 422, "invalid_request"),
    ],
)
def test_a_bad_enrolment_is_refused_by_name(
    signed_in: Client, body: dict[str, Any], status: int, code: str
) -> None:
    answer = post(signed_in, "/wallet/phone/", **body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not Device.objects.exists()


def test_nobody_enrols_without_signing_in(client: Client) -> None:
    assert enrol(client).status_code == 401
    assert not Device.objects.exists()


def test_nobody_enrols_without_the_pages_token(alice: Person) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    assert enrol(client).status_code == 403
    assert not Device.objects.exists()


def test_the_stock_holds_fifty_handles_per_account(signed_in: Client) -> None:
    device = enrol(signed_in).json()["device"]
    answer = post(signed_in, "/wallet/phone/stock/", device=device).json()
    assert [(source["label"], source["tail"]) for source in answer["stock"]] == [
        ("ING", "4521"),
        ("Triodos", "0077"),
    ]
    handles = [handle for source in answer["stock"] for handle in source["handles"]]
    assert len(handles) == len(set(handles)) == 2 * STOCK
    assert all(len(handle) == 10 and handle.isdigit() for handle in handles)
    assert answer["latest_receipt"] is None


def test_asking_again_tops_up_what_was_used_and_no_more(phone: Phone, now: datetime) -> None:
    used = phone.handles[:3]
    with transaction():
        for handle in used:
            bind(handle=handle, sale_ref=f"1:live:{uuid4()}", now=now)
    again = restock(phone, now)
    assert len(again) == STOCK
    assert not set(again) & set(used)
    assert set(again[: STOCK - 3]) == set(phone.handles[3:])


def restock(phone: Phone, now: datetime) -> list[int]:
    stock = stock_handles(
        person_id=phone.person.pk,
        device_uuid=phone.uuid,
        funding_refs=[7],
        now=now + timedelta(minutes=1),
        actor=SYSTEM,
    )
    return list(stock[7])


def test_a_number_somebody_has_is_drawn_again(
    bob: Person, phone: Phone, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = phone.handles[:10]
    drawn = iter([*taken, *range(1_000_000_000, 1_000_000_100)])
    monkeypatch.setattr("wallet.actions.stock_handles.secrets.randbelow", lambda _most: next(drawn))
    other = Phone.of(bob, now=now)
    assert len(other.handles) == STOCK
    assert not set(other.handles) & set(phone.handles)


def test_a_blocked_phone_gets_no_more_codes(phone: Phone, alice: Person, now: datetime) -> None:
    block_device(person_id=alice.pk, device_uuid=phone.uuid, now=now, actor=SYSTEM)
    with pytest.raises(DeviceIsBlocked):
        restock(phone, now)


def test_nobody_stocks_or_blocks_the_phone_of_another(
    phone: Phone, bob: Person, now: datetime
) -> None:
    client = Client()
    client.force_login(bob)
    answer = post(client, "/wallet/phone/stock/", device=str(phone.uuid))
    assert (answer.status_code, answer.json()["code"]) == (404, "device_unknown")
    with pytest.raises(DeviceUnknown):
        block_device(person_id=bob.pk, device_uuid=phone.uuid, now=now, actor=SYSTEM)
    client.post(f"/wallet/you/devices/{phone.uuid}/block/")
    assert Device.objects.get(uuid=phone.uuid).blocked_at is None


def test_a_lost_phone_is_blocked_from_any_browser(phone: Phone, signed_in: Client) -> None:
    signed_in.post(f"/wallet/you/devices/{phone.uuid}/block/")
    assert Device.objects.get(uuid=phone.uuid).blocked_at is not None
    assert Event.objects.filter(type="wallet.device_blocked").count() == 1
    signed_in.post(f"/wallet/you/devices/{phone.uuid}/block/")
    assert Event.objects.filter(type="wallet.device_blocked").count() == 1


def test_signing_out_blocks_this_phone_and_clears_the_browser(
    phone: Phone, signed_in: Client
) -> None:
    response = signed_in.post("/wallet/sign-out/", {"device": str(phone.uuid)})
    assert response["Clear-Site-Data"] == '"storage"'
    assert Device.objects.get(uuid=phone.uuid).blocked_at is not None
    assert signed_in.get("/wallet/").status_code == 302


@pytest.mark.parametrize("device", ["", "nonsense", str(UUID(int=5))])
def test_signing_out_works_whatever_the_browser_says(signed_in: Client, device: str) -> None:
    signed_in.post("/wallet/sign-out/", {"device": device})
    assert signed_in.get("/wallet/").status_code == 302


def test_a_test_code_scans_once_in_test_mode(tessa: Person, now: datetime) -> None:
    first = issue_test_code(email=" Tessa@example.nl ", now=now, actor=SYSTEM)
    second = issue_test_code(email="tessa@example.nl", now=now, actor=SYSTEM)
    assert first.code != second.code
    assert first.expires_at > now
    found = scan(
        code=first.code,
        till_key="key:1/t",
        sale_ref="1:test:x",
        merchant_id=0,
        mode="test",
        now=now,
    )
    assert (found.person_id, found.funding_ref) == (tessa.pk, 11)
    assert Device.objects.filter(person=tessa).count() == 1


@pytest.mark.parametrize("email", ["alice@example.nl", "nobody@example.com"])
def test_there_is_no_test_code_of_a_live_person(alice: Person, email: str, now: datetime) -> None:
    with pytest.raises(NoSuchTestPerson):
        issue_test_code(email=email, now=now, actor=SYSTEM)
    assert not Handle.objects.exists()
