"""The retailer's pages about card payments: contract, upload, both lists, decisions."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.models import AuditEntry
from okplatform.kernel.modes import Mode
from okplatform.kernel.tenancy import merchant_scope, operator_scope
from okplatform.parties.actions.grant_membership import grant_membership
from okplatform.parties.models import Person, Role
from okplatform.trade.models import Sale
from payments.bankfiles.acquirer import AcquirerMapping
from payments.console.card_forms import MAX_FILE_BYTES
from payments.models import AcquirerAccount, AcquirerFile, AcquirerLine, ExternalTender
from payments.tasks import follow
from tests.payments.acquirer import (
    HEADING,
    MAPPING,
    Acquirer,
    by_card,
    contract,
    lines,
    sell_by,
    statement,
    tenders,
)
from tests.support.proofs import prove
from tests.support.world import NOW, Place, World

pytestmark = pytest.mark.django_db

CONSOLE = "/console/boekhandel-kramer"
CARDS = f"{CONSOLE}/card-payments/"
SAID = {
    "name": "Worldpin",
    "iban": "NL20 INGB 0001 2345 67",
    "since": "2026-11-01",
    "amount": "Bedrag",
    "booked_on": "Datum",
    "reference": "Terminal ref",
    "bank_reference": "Nummer",
    "fee": "Kosten",
    "batch": "Batch",
    "text": "",
    "delimiter": ";",
    "decimal_mark": ",",
    "date_format": "%d-%m-%Y",
    "encoding": "utf-8-sig",
    "direction": "",
    "debit_words": "",
}


@pytest.fixture
def shop(world: World) -> Place:
    return world.haarlem


@pytest.fixture
def hers(client: Client, olga: Person) -> Client:
    """Olga's browser; she owns Boekhandel Kramer."""
    client.force_login(olga)
    client.cookies["django_language"] = "en"
    return client


def text(response: object) -> str:
    page = response.content.decode()  # type: ignore[attr-defined]
    return " ".join(page.replace("\N{NO-BREAK SPACE}", " ").split())


def uploaded(content: bytes, name: str = "settlement.csv") -> dict[str, SimpleUploadedFile]:
    return {"file": SimpleUploadedFile(name, content)}


def csv(*rows: str) -> bytes:
    return "\n".join([HEADING, *rows]).encode()


def door(acquirer: Acquirer) -> str:
    return f"{CARDS}acquirers/{acquirer.account_id}/uploads/"


def test_a_contract_is_made_and_a_file_shows_where_the_cards_are(shop: Place, hers: Client) -> None:
    by_card(shop, 1_840, "1234")
    assert "Who settles your card payments?" in text(hers.get(CARDS))
    assert "This goes past OK" in text(hers.get(f"{CONSOLE}/money/"))
    answer = hers.post(f"{CARDS}acquirers/new/", SAID, follow=True)
    assert "Saved. The next file is read like this." in text(answer)
    with merchant_scope(shop.merchant.pk):
        account = AcquirerAccount.objects.get()
    assert AcquirerMapping.from_json(account.mapping) == MAPPING
    sent = uploaded(csv("17-11-2026;1234;N1;18,40;0,12;B-100001"))
    answer = hers.post(f"{CARDS}acquirers/{account.pk}/uploads/", sent, follow=True)
    assert "Taken in: 1 lines." in text(answer)
    page = text(hers.get(CARDS))
    assert "€18.40 less €0.12 fee" in page
    assert 'data-step="to-come">€18.28' in page
    assert 'data-step="sold">€0.00' in page
    bank = uploaded(statement(shop, (1_828, "Worldpin B-100001")), "bank.xml")
    hers.post(f"{CARDS}acquirers/{account.pk}/uploads/", bank)
    page = text(hers.get(f"{CONSOLE}/money/"))
    assert 'data-step="arrived">€18.28' in page
    assert "The acquirer kept €0.12." in page
    assert hers.get(f"{CARDS}acquirers/{account.pk}/").status_code == 200
    prove()


def test_a_bad_file_says_where_and_why_and_is_kept(shop: Place, hers: Client) -> None:
    acquirer = contract(shop)
    rows = csv("17-11-2026;1;N1;5,00;;B-1", "17-11-2026;2;N2;five;;B-1")
    answer = hers.post(door(acquirer), uploaded(rows, "bad.csv"))
    assert answer.status_code == 422
    assert "Line 3: An amount cannot be read." in text(answer)
    assert "Nothing of the file was taken in; it is kept for inspection." in text(answer)
    assert lines() == []
    page = text(hers.get(CARDS))
    assert "bad.csv" in page
    assert "&#x27;five&#x27; is not an amount." in page
    assert "refused" in page
    good = uploaded(csv("17-11-2026;1;N1;5,00;;B-1"))
    assert "Taken in" in text(hers.post(door(acquirer), good, follow=True))
    again = uploaded(csv("17-11-2026;1;N1;5,00;;B-1"), "copy.csv")
    assert "This file came before." in text(hers.post(door(acquirer), again, follow=True))
    assert len(lines()) == 1


def test_what_is_no_file_is_refused(
    shop: Place, hers: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    acquirer = contract(shop)
    assert hers.post(door(acquirer)).status_code == 422
    assert hers.post(door(acquirer), uploaded(b"")).status_code == 422
    monkeypatch.setattr("payments.console.card_forms.MAX_FILE_BYTES", 3)
    answer = hers.post(door(acquirer), uploaded(b"1234"))
    assert "The file is larger than 15 MB." in text(answer)
    assert MAX_FILE_BYTES < settings.OK_UPLOAD_MAX_BYTES
    with operator_scope("the test looks"):
        assert not AcquirerFile.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name": ""}, "This field is required."),
        ({"iban": "NL00"}, "This is not an account number (IBAN)."),
        ({"amount": ""}, "This field is required."),
        ({"date_format": "%H"}, "Select a valid choice."),
        ({"since": "soon"}, "Enter a valid date."),
        ({"name": "Taken"}, "You have a contract of this name already."),
    ],
)
def test_a_wrong_contract_is_refused_beside_its_field(
    shop: Place, hers: Client, wrong: dict[str, str], sentence: str
) -> None:
    contract(shop, name="Taken")
    answer = hers.post(f"{CARDS}acquirers/new/", SAID | wrong)
    assert answer.status_code == 422
    assert sentence in text(answer)
    with merchant_scope(shop.merchant.pk):
        assert AcquirerAccount.objects.count() == 1


def test_both_sides_that_miss_the_other_are_paired_explained_and_taken_back(
    shop: Place, hers: Client
) -> None:
    acquirer = contract(shop)
    by_card(shop, 500, "A-1")
    by_card(shop, 700, "A-2")
    acquirer.settle(acquirer.row("5,00", "A-8"), acquirer.row("9,00", "A-9"))
    with operator_scope("the test looks"):
        five, nine = AcquirerLine.objects.order_by("pk")
        paid, lost = ExternalTender.objects.order_by("sale_id")
    strange = text(hers.get(f"{CARDS}strange/"))
    assert f"tender/{paid.sale_id}-1/decision/" in strange  # the same amount, the same day
    pair = f"{CARDS}tender/{paid.sale_id}-1/decision/"
    answer = hers.post(pair, {"line": five.pk, "list": "strange"}, follow=True)
    assert "Decided and written down." in text(answer)
    unpaid = text(hers.get(f"{CARDS}unpaid/"))
    assert f"tender/{lost.sale_id}-1/decision/" in unpaid
    assert f"tender/{paid.sale_id}-1/decision/" not in unpaid
    lose = f"{CARDS}tender/{lost.sale_id}-1/decision/"
    assert "Say why" in text(hers.post(lose, {"reason": " ", "list": "unpaid"}, follow=True))
    hers.post(lose, {"reason": "the terminal was off", "list": "unpaid"})
    hers.post(f"{CARDS}line/{nine.pk}-0/decision/", {"reason": "a deposit", "list": "strange"})
    assert [state for _, state, _ in tenders()] == ["matched", "explained"]
    decided = text(hers.get(f"{CARDS}decided/"))
    assert "the terminal was off" in decided
    assert "a deposit" in decided
    assert "Paired with the acquirer’s line" in decided
    hers.post(pair, {"open": "1", "list": "decided"})
    assert [state for _, state, _ in tenders()] == ["open", "explained"]
    assert "Nothing was changed now." in text(hers.post(pair, {"open": "1"}, follow=True))
    assert "Everything has its sale" not in text(hers.get(f"{CARDS}strange/"))
    act = AuditEntry.objects.filter(action="card_paired").get()
    assert (act.actor_kind, act.merchant_id) == ("membership", shop.merchant.pk)
    prove()


def test_empty_lists_say_what_would_stand_there(shop: Place, hers: Client) -> None:
    contract(shop)
    assert "Nothing is missing" in text(hers.get(f"{CARDS}unpaid/"))
    assert "Everything has its sale" in text(hers.get(f"{CARDS}strange/"))
    assert "You had nothing to decide" in text(hers.get(f"{CARDS}decided/"))


def test_long_lists_go_by_pages(shop: Place, hers: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("payments.console.paging.PER_PAGE", 2)
    acquirer = contract(shop)
    sales = [by_card(shop, 100, at=NOW - timedelta(minutes=9 - n)) for n in range(3)]
    acquirer.settle(*(acquirer.row(f"9,0{n}") for n in range(3)))
    first = text(hers.get(f"{CARDS}unpaid/"))
    assert [f"tender/{sale}-1/" in first for sale in sales] == [True, True, False]
    following = first.partition('href="?after=')[2].partition('"')[0]
    second = text(hers.get(f"{CARDS}unpaid/?after={following}"))
    assert [f"tender/{sale}-1/" in second for sale in sales] == [False, False, True]
    strange = text(hers.get(f"{CARDS}strange/"))
    after = strange.partition('href="?after=')[2].partition('"')[0]
    assert "€9.02" in text(hers.get(f"{CARDS}strange/?after={after}"))


def test_the_road_of_a_card_payment(world: World, shop: Place, hers: Client) -> None:
    sale_id = sell_by(shop, ("pin", 500, "A-1"), ("cash", 100, ""))
    with merchant_scope(shop.merchant.pk):
        address = f"{CONSOLE}/money/sales/{Sale.objects.get(pk=sale_id).uuid}/"
    assert "Not followed" in text(hers.get(address))
    acquirer = contract(shop)
    follow()
    assert "In no file of the acquirer yet" in text(hers.get(address))
    acquirer.settle(acquirer.row("5,00", "A-1", fee="0,05"))
    page = text(hers.get(address))
    assert "€0.05 fee · by reference" in page
    assert "Not on your bank statement yet" in page
    acquirer.upload(statement(shop, (495, "Worldpin B-100001")))
    page = text(hers.get(address))
    assert "Your bank has booked it" in page
    assert "camt.053 1" in page
    assert "In your own till." in page


def test_who_sees_and_changes_them(world: World, shop: Place) -> None:
    acquirer = contract(shop)
    sale_id = by_card(shop, 500)
    follow()
    grant_membership(
        person_id=world.bob.pk, merchant_id=shop.merchant.pk, role=Role.MANAGER, actor=SYSTEM
    )
    pages = [
        CARDS,
        f"{CARDS}unpaid/",
        f"{CARDS}strange/",
        f"{CARDS}decided/",
        f"{CARDS}acquirers/new/",
        f"{CARDS}acquirers/{acquirer.account_id}/",
    ]
    doors = [door(acquirer), f"{CARDS}tender/{sale_id}-1/decision/"]

    def answers(person: Person | None) -> set[int]:
        client = Client()
        if person:
            client.force_login(person)
        shown = {client.get(page).status_code for page in pages}
        return shown | {client.post(one, {"reason": "x"}).status_code for one in doors}

    assert answers(world.bob) == {403}
    assert answers(world.charlie) == {404}
    assert answers(None) == {302}
    assert tenders() == [(500, "open", "")]


def test_what_is_of_another_merchant_is_not_found(
    world: World, shop: Place, charlie: Person, client: Client
) -> None:
    acquirer = contract(shop)
    sale_id = by_card(shop, 500)
    acquirer.settle(acquirer.row("9,00"))
    with operator_scope("the test looks"):
        line = AcquirerLine.objects.get()
    client.force_login(charlie)
    theirs = "/console/kaashuis/card-payments/"
    assert client.get(f"{theirs}acquirers/{acquirer.account_id}/").status_code == 404
    sent = uploaded(csv("17-11-2026;1;N7;5,00;;B-7"))
    at = f"{theirs}acquirers/{acquirer.account_id}/uploads/"
    assert client.post(at, sent).status_code == 404
    for card in (f"tender/{sale_id}-1", f"line/{line.pk}-0", "arrival/1-0", "other/1-0"):
        for said in ({"reason": "mine"}, {"open": "1"}, {"line": line.pk}):
            assert client.post(f"{theirs}{card}/decision/", said).status_code == 404
    assert tenders() == [(500, "open", "")]
    assert lines() == [(900, "open", "")]


def test_a_form_of_the_other_mode_touches_nothing(shop: Place, hers: Client) -> None:
    acquirer = contract(shop)
    sell_by(shop, ("pin", 500, ""), mode=Mode.TEST)
    acquirer.settle(acquirer.row("5,00"))
    assert tenders() == []
