"""What the tests of card payments do again and again: sell by card, and speak for the acquirer."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.db import transaction
from okplatform.kernel.modes import Mode
from okplatform.kernel.tenancy import operator_scope
from okplatform.trade.actions.close_sale import record_closed
from okplatform.trade.actions.open_sale import take_sale_id
from okplatform.trade.facts import TenderFacts
from payments.actions.import_acquirer_file import ImportedCards
from payments.actions.put_acquirer import put_acquirer
from payments.actions.take_acquirer_file import take_acquirer_file
from payments.bankfiles import camt_writing
from payments.bankfiles.acquirer import AcquirerMapping
from payments.bankfiles.lines import BankLine, StatementClosed, StatementOpened
from payments.chart import EUR
from payments.models import AcquirerAccount, AcquirerLine, ExternalTender
from tests.support.world import NOW, Place
from tests.trade.baskets import closing, key_at, line

LATER = NOW + timedelta(days=2)
TODAY = date(2026, 11, 17)
HEADING = "Datum;Terminal ref;Nummer;Bedrag;Kosten;Batch"
MAPPING = AcquirerMapping(
    amount="Bedrag",
    booked_on="Datum",
    reference="Terminal ref",
    bank_reference="Nummer",
    fee="Kosten",
    batch="Batch",
    decimal_mark=",",
    date_format="%d-%m-%Y",
    delimiter=";",
)


def sell_by(
    place: Place, *tenders: tuple[str, int, str], at: datetime = NOW, mode: str = Mode.LIVE
) -> int:
    """Close a sale that was paid outside OK: by a kind, an amount, a terminal's number."""
    paid = [
        TenderFacts(number=number, kind=kind, amount=amount, reference=reference)
        for number, (kind, amount, reference) in enumerate(tenders, start=1)
    ]
    with transaction():
        sale_id = take_sale_id()
        record_closed(
            sale_id=sale_id,
            key=key_at(place, mode=mode),
            closing=closing(
                place,
                [line(gross=sum(amount for _kind, amount, _ref in tenders))],
                paid,
                points_earned=0,
            ),
            actor=SYSTEM,
            now=at,
        )
    return sale_id


def by_card(place: Place, amount: int, reference: str = "", *, at: datetime = NOW) -> int:
    return sell_by(place, ("pin", amount, reference), at=at)


@dataclass
class Acquirer:
    """The acquirer of one merchant; ``row`` makes a line of its file."""

    place: Place
    account_id: int
    files: int = 0
    rows: int = 0

    def row(
        self,
        amount: str,
        reference: str = "",
        *,
        fee: str = "",
        batch: str = "B-100001",
        day: str = "17-11-2026",
        number: str | None = None,
    ) -> str:
        self.rows += 1
        own = f"N{self.rows:06}" if number is None else number
        return f"{day};{reference};{own};{amount};{fee};{batch}"

    def settle(self, *rows: str) -> ImportedCards:
        """Let the merchant upload a file of these rows."""
        return self.upload("\r\n".join([HEADING, *rows]).encode())

    def upload(self, content: bytes, name: str = "settlement.csv") -> ImportedCards:
        self.files += 1
        return take_acquirer_file(
            merchant_id=self.place.merchant.pk,
            mode=Mode.LIVE,
            account_id=self.account_id,
            name=name,
            content=content,
            now=LATER,
            actor=SYSTEM,
        )


def contract(
    place: Place, *, name: str = "Worldpin", mapping: AcquirerMapping = MAPPING
) -> Acquirer:
    """Open a contract of the place's merchant, which pays to the IBAN it signed with."""
    account_id = put_acquirer(
        merchant_id=place.merchant.pk,
        mode=Mode.LIVE,
        name=name,
        iban=place.merchant.iban,
        mapping=mapping,
        since=TODAY - timedelta(days=30),
        now=NOW,
        actor=SYSTEM,
    )
    return Acquirer(place, account_id)


def tenders() -> list[tuple[int, str, str]]:
    """Return what is followed: its amount, its state, and by which rule."""
    with operator_scope("the test looks"):
        found = ExternalTender.objects.order_by("sale_id", "number")
        return list(found.values_list("amount", "state", "rule"))


def lines() -> list[tuple[int, str, str]]:
    with operator_scope("the test looks"):
        return list(AcquirerLine.objects.order_by("pk").values_list("amount", "state", "rule"))


def account_of(acquirer: Acquirer) -> AcquirerAccount:
    with operator_scope("the test looks"):
        return AcquirerAccount.objects.get(pk=acquirer.account_id)


def statement(place: Place, *said: tuple[int, str], number: str = "1", iban: str = "") -> bytes:
    """Return a camt.053 of the merchant's own bank: amounts, with what each line says."""
    lines = [
        BankLine(
            entry=entry,
            part=0,
            amount=amount,
            currency=EUR,
            booked_on=TODAY + timedelta(days=1),
            valued_on=TODAY + timedelta(days=1),
            text=text,
        )
        for entry, (amount, text) in enumerate(said, start=1)
    ]
    total = sum(amount for amount, _text in said)
    opened = StatementOpened(
        kind="camt.053",
        message_id=f"M{number}",
        number=number,
        iban=iban or place.merchant.iban,
        currency=EUR,
        opening=10_000,
        first_day=TODAY,
        last_day=TODAY + timedelta(days=1),
    )
    closed = StatementClosed(lines=len(lines), total=total, closing=10_000 + total)
    return b"".join(camt_writing.write(opened, lines, closed, created_at=LATER))
