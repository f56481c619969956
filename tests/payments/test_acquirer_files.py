"""An acquirer's file that is wrong is refused whole, and kept with its reason."""

from collections.abc import Callable

import pytest

from okplatform.kernel.tenancy import operator_scope
from payments.bankfiles.lines import BankFileRefused
from payments.models import (
    AcquirerArrival,
    AcquirerFile,
    AcquirerLine,
)
from tests.payments.acquirer import (
    HEADING,
    Acquirer,
    by_card,
    contract,
    lines,
    statement,
    tenders,
)
from tests.support.proofs import prove
from tests.support.races import AT_ONCE, all_at_once
from tests.support.world import Place, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(world: World) -> Place:
    return world.haarlem


@pytest.fixture
def acquirer(shop: Place) -> Acquirer:
    return contract(shop)


Content = Callable[[Acquirer, Place], bytes]


def csv(*rows: str) -> Content:
    return lambda _acquirer, _place: "\n".join([HEADING, *rows]).encode()


BAD: dict[str, tuple[Content, str, int | None]] = {
    "an amount that cannot be read": (
        csv("17-11-2026;A-1;1;5,00;;B-1", "17-11-2026;A-2;2;five;;B-1"),
        "unreadable_amount",
        3,
    ),
    "a fee that cannot be read": (csv("17-11-2026;A-1;1;5,00;x;B-1"), "unreadable_amount", 2),
    "a day that is none": (csv("31-02-2026;A-1;1;5,00;;B-1"), "unreadable_date", 2),
    "a row cut off": (csv("17-11-2026;A-1;1"), "unreadable_row", 2),
    "another heading": (lambda *_: b"Date;Amount\n1;2\n", "missing_column", 1),
    "no rows": (csv(), "empty", None),
    "another alphabet": (lambda *_: b"Datum;\xff\xfe\xfa\n", "unreadable_text", None),
    "a payment twice": (
        csv("17-11-2026;A-1;7;5,00;;B-1", "17-11-2026;A-1;7;5,00;;B-1"),
        "line_twice",
        3,
    ),
    "more than anybody has": (csv(f"17-11-2026;;1;{10**14},00;;B-1"), "amount_out_of_range", 2),
    "a batch that came before": (csv("17-11-2026;A-9;99;5,00;;B-0"), "batch_known", None),
    "a payment that came before": (csv("17-11-2026;A-9;old;5,00;;B-9"), "line_known", None),
    "another account's statement": (
        lambda _acquirer, place: statement(place, iban="NL91ABNA0417164300"),
        "account_unknown",
        None,
    ),
    "balances that do not add up": (
        lambda _acquirer, place: statement(place, (5, "Worldpin")).replace(b"100.05", b"100.06"),
        "balances_do_not_add_up",
        None,
    ),
    "a statement that came before": (
        lambda _acquirer, place: statement(place, (7, "Worldpin"), number="known"),
        "statement_known",
        None,
    ),
    "an entity attack": (
        lambda *_: b'<!DOCTYPE x [<!ENTITY a "b">]><Document/>',
        "document_type_forbidden",
        None,
    ),
    "a notification": (
        lambda _acquirer, place: (
            statement(place, (5, "Worldpin"))
            .replace(b"camt.053", b"camt.054")
            .replace(b"BkToCstmrStmt", b"BkToCstmrDbtCdtNtfctn")
            .replace(b"Stmt>", b"Ntfctn>")
        ),
        "not_a_statement",
        None,
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_refused_whole_and_kept(shop: Place, acquirer: Acquirer, name: str) -> None:
    make, code, at = BAD[name]
    acquirer.settle(acquirer.row("5,00", "A-0", batch="B-0", number="old"))
    acquirer.upload(statement(shop, (6, "Worldpin"), number="known"))
    with operator_scope("the test looks"):
        before = (AcquirerLine.objects.count(), AcquirerArrival.objects.count())
    content = make(acquirer, shop)
    for _again in range(2):
        with pytest.raises(BankFileRefused) as refused:
            acquirer.upload(content, name="bad.csv")
        assert refused.value.code == code
    with operator_scope("the test looks"):
        kept = AcquirerFile.objects.exclude(refusal="").get()
        assert (AcquirerLine.objects.count(), AcquirerArrival.objects.count()) == before
    assert (kept.refusal, kept.name, bytes(kept.content or b"")) == (code, "bad.csv", content)
    assert kept.sentence
    if at is not None:
        assert kept.line == at
    prove()


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_one_file_64_times_at_once_is_in_once(world: World) -> None:
    shop = world.haarlem
    acquirer = contract(shop)
    by_card(shop, 500, "A-1")
    content = "\n".join([HEADING, acquirer.row("5,00", "A-1")]).encode()
    said = all_at_once(lambda _number: str(acquirer.upload(content).was_known))
    assert said == {"False": 1, "True": AT_ONCE - 1}
    assert (tenders(), len(lines())) == ([(500, "matched", "reference")], 1)
    prove()
