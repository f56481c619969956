"""The PSD2 interface: sealed requests, and answers that are not as agreed."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest

from okplatform.kernel.db import TransactionError, transaction
from okplatform.local.seal import new_seal
from payments.gateways import GatewayError
from payments.gateways.berlin_group import PRODUCT, BerlinGroup
from payments.gateways.http import call
from payments.gateways.initiation import InitiationRefusedError, Wanted
from payments.gateways.signing import Seal
from payments.states import BANK_SAYS, BankPaymentState
from tests.payments.door import SEAL, Door, opened

WANTED = Wanted(
    request_id=uuid4(),
    end_to_end_id="OKB1",
    amount=1_840,
    debtor_iban="NL91ABNA0417164300",
    creditor_iban="NL18RABO0123459876",
    creditor_name="Stichting Derdengelden OK",
    text="OK OKC1",
    psu_ip="192.0.2.7",
    return_url="http://localhost:8000/wallet/",
)


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    yield from opened(tmp_path)


def taken(door: Door) -> int:
    return len(door.bank.books.rows("SELECT 1 FROM initiation"))


def sealed(body: bytes = b"{}", **headers: str) -> dict[str, str]:
    seal = Seal.read(key=SEAL["OK_PIS_KEY"], certificate=SEAL["OK_PIS_CERTIFICATE"])
    return seal.headers({"X-Request-ID": str(uuid4()), **headers}, body)


def test_a_request_is_taken_and_the_same_one_is_taken_once(door: Door) -> None:
    first, second = door.gateway.initiate(WANTED), door.gateway.initiate(WANTED)
    assert first == second
    assert first.status == "RCVD"
    assert door.gateway.status(first.payment_id) == "RCVD"
    assert taken(door) == 1


def test_another_request_under_the_same_id_is_refused(door: Door) -> None:
    door.gateway.initiate(WANTED)
    with pytest.raises(InitiationRefusedError, match="FORMAT_ERROR"):
        door.gateway.initiate(replace(WANTED, amount=1))
    assert taken(door) == 1


@pytest.mark.parametrize(
    "wrong",
    [{"debtor_iban": "NL91ABNA0417164301"}, {"return_url": "javascript:1"}, {"text": "x" * 141}],
    ids=str,
)
def test_what_makes_no_sense_is_refused(door: Door, wrong: dict[str, str]) -> None:
    with pytest.raises(InitiationRefusedError):
        door.gateway.initiate(replace(WANTED, **wrong))  # type: ignore[arg-type]
    assert taken(door) == 0


def test_who_the_bank_does_not_know_is_refused(door: Door) -> None:
    door.gateway.initiate(WANTED)
    other = new_seal()
    stranger = BerlinGroup(
        door.url, Seal.read(key=other["OK_PIS_KEY"], certificate=other["OK_PIS_CERTIFICATE"])
    )
    with pytest.raises(InitiationRefusedError, match="CERTIFICATE_INVALID"):
        stranger.initiate(replace(WANTED, request_id=uuid4()))
    assert taken(door) == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Digest", "SHA-256=AAAA"),
        ("X-Request-ID", "99391c7e-ad88-49ec-a2ad-99ddcb1f7721"),
        ("Signature", 'keyId="SN=1,CA=x",algorithm="rsa-sha256",headers="digest",signature="AA=="'),
        ("TPP-Signature-Certificate", "AAAA"),
        ("PSU-ID", "somebody"),
    ],
)
def test_a_request_that_was_changed_on_its_way_is_refused(
    door: Door, name: str, value: str
) -> None:
    headers = {**sealed(), name: value}
    answer = call("POST", door.url + PRODUCT, headers=headers, body=b"{}")
    assert answer.status == 401
    assert taken(door) == 0


def test_a_bank_is_never_called_inside_a_transaction(door: Door, db: None) -> None:
    with transaction(), pytest.raises(TransactionError):
        door.gateway.initiate(WANTED)
    assert taken(door) == 0


def test_a_payment_that_the_bank_does_not_know_is_not_guessed(door: Door) -> None:
    with pytest.raises(GatewayError):
        door.gateway.status("6f1c9d52")


def test_only_accc_says_that_the_money_is_ours() -> None:
    good = {code for code, state in BANK_SAYS.items() if state is BankPaymentState.COMPLETED}
    assert good == {"ACCC"}
    assert BANK_SAYS["ACSC"] is BankPaymentState.ACCEPTED
