"""docs/offline-tills.md says what a dark till signs and sends, and why a sale may be a loss."""

import base64
import json
import re
from pathlib import Path
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.utils.translation import override

from merchants.checkout.actions.book_offline_sale import REASONS
from merchants.checkout.api.offline_schemas import OfflineSaleBody
from merchants.checkout.offline import is_signed
from merchants.checkout.offline_answers import WORDS
from okplatform.kernel import clock
from tests.support.counter import Counter
from tests.support.dark import DarkTill, allow
from tests.support.world import World

PAGE = Path(__file__).resolve().parents[3] / "docs" / "offline-tills.md"


def said(name: str) -> str:
    found = re.search(rf"<!-- {name}: [^\n]*-->\n(.*?)<!-- end -->", PAGE.read_text(), re.DOTALL)
    assert found is not None
    return found.group(1)


def fenced(name: str) -> str:
    return said(name).split("```")[1].partition("\n")[2].rstrip("\n")


def test_every_reason_of_a_loss_has_its_sentence_and_is_on_the_page() -> None:
    assert set(WORDS) == set(REASONS)
    with override("en"):
        rows = [f"| `{reason}` | {WORDS[reason]} |" for reason in REASONS]
    assert said("reasons").splitlines() == ["| `reason` | what it is |", "| --- | --- |", *rows]


def test_the_record_on_the_page_has_that_digest_and_signature_and_fits_that_body() -> None:
    key = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    record = fenced("record")
    uuid = UUID(record.splitlines()[1])
    sent = OfflineSaleBody.model_validate(json.loads(fenced("body"))).sent(uuid, language="en")
    assert sent.record.text.decode() == record
    assert sent.basket.gross == sent.record.amount
    assert is_signed(sent.record, signature=sent.signature, public_key=sent.public_key)
    table = said("vector")
    assert base64.b64encode(public).decode() == sent.public_key
    assert base64.b64encode(key.sign(record.encode())).decode() == sent.signature
    for value in (sent.public_key, sent.record.digest, sent.signature):
        assert f"| `{value}` |" in table


@pytest.mark.django_db
def test_the_three_calls_of_the_page_work_one_after_another(world: World) -> None:
    till = DarkTill(Counter(world.till, world.till.key))
    allow(till.counter.place, now=clock.now())
    till.ready()
    uuid, body = till.sells("1234567890123456789012")
    page = json.loads(fenced("body"))
    body = {**page, "code": body["code"], "lines": body["lines"], "offline": body["offline"]}
    assert set(page["offline"]) == set(body["offline"])
    answer = till.sends((uuid, body)).json()
    assert (answer["booked_as"], answer["reason"]) == ("loss", "code_malformed")
    (log,) = till.asks().json()["logs"]
    assert (log["last_sequence"], log["last_digest"]) == (1, answer["digest"])
