"""Bakkerij Bol as the loyalty tests know it: a programme, bread, and sales that settle."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from loyalty import programs
from loyalty.actions.join_programme import join_programme
from loyalty.actions.publish_programme import ProgrammeTerms, publish_programme
from loyalty.actions.put_offer import OfferTerms, put_offer
from loyalty.actions.settle import settle
from loyalty.engine import ONE_POINT_PER_EURO, Basket, BasketLine, Texts
from loyalty.models import Member, Programme, Target
from loyalty.queries.quoting import NOTHING_ASKED, Asks, points_of
from okplatform.kernel import db
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.later import Later
from okplatform.kernel.modes import Mode
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.models import Person
from okplatform.trade.actions.close_sale import record_closed
from okplatform.trade.actions.create_category import create_category
from okplatform.trade.actions.open_sale import take_sale_id
from okplatform.trade.actions.put_product import put_product
from okplatform.trade.facts import Closing, LineFacts, ProductFacts, SaleKey, TenderFacts
from tests.support.world import NOW, Place, World

SOLD_AT = NOW + timedelta(minutes=1)
PROMISE = ProgrammeTerms(
    name="Bol spaart",
    points_name=Texts(nl="punten", en="points"),
    milli_points_per_cent=ONE_POINT_PER_EURO,
    terms=Texts(nl="Een punt per euro.", en="A point per euro."),
)
BREAD = OfferTerms(
    name=Texts(nl="10 % op brood", en="10% off bread"),
    percentage_bp=1_000,
    target=Target.CATEGORIES,
    target_references=("brood",),
)


@dataclass
class Bakery:
    """The merchant with its programme published and its catalogue filled."""

    world: World

    def __post_init__(self) -> None:
        self.place = self.till_of(self.world)
        self.merchant = self.place.merchant
        self.merchant_id = self.merchant.pk
        self.store_id = self.place.store.pk
        self.actor = SYSTEM
        self.category("eten", "Eten")
        self.category("brood", "Brood", below="eten")
        loaf = ProductFacts(
            sku="desem", name="Desembrood", price=420, vat_rate_bp=900, category_reference="brood"
        )
        put_product(merchant_id=self.merchant_id, product=loaf, actor=self.actor)
        self.programme_id = self.publish()

    @staticmethod
    def till_of(world: World) -> Place:
        """Return where it sells."""
        return world.till

    def category(self, reference: str, name: str, *, below: str | None = None) -> None:
        create_category(
            merchant_id=self.merchant_id,
            reference=reference,
            name=name,
            parent_reference=below,
            actor=self.actor,
        )

    def publish(self, **other: Any) -> int:
        return publish_programme(
            merchant_id=self.merchant_id,
            promise=replace(PROMISE, **other),
            actor=self.actor,
            now=NOW,
        )

    def offer(self, offer_id: int | None = None, **other: Any) -> int:
        return put_offer(
            merchant_id=self.merchant_id,
            terms=replace(BREAD, **other),
            actor=self.actor,
            now=NOW,
            offer_id=offer_id,
        )

    def join(self, person: Person, *, terms_version: int | None = None) -> Member:
        """Join, on the terms in force unless others were read."""
        with operator_scope("the tests look"):
            in_force = Programme.objects.get(pk=self.programme_id).terms_version
        join_programme(
            programme_id=self.programme_id,
            person_id=person.pk,
            terms_version=terms_version or in_force,
            actor=self.actor,
            now=NOW,
        )
        with operator_scope("the tests look"):
            member: Member = Member.objects.get(programme_id=self.programme_id, person=person)
            return member

    def price(
        self,
        gross: int,
        person: Person | None = None,
        *,
        now: datetime = NOW,
        mode: str = Mode.LIVE,
        category: str = "brood",
        asks: Asks = NOTHING_ASKED,
    ) -> programs.Priced:
        return programs.price(
            merchant_id=self.merchant_id,
            person_id=person.pk if person else None,
            mode=mode,
            basket=Basket(
                (BasketLine(1, "desem", category, 1, gross),), ZoneInfo("Europe/Amsterdam")
            ),
            now=now,
            asks=asks,
        )

    def settle(
        self,
        priced: programs.Priced,
        person: Person | None,
        mode: str = Mode.LIVE,
        *,
        at: datetime = SOLD_AT,
    ) -> Any:
        """Close a sale at this price and settle it; return its id and the member's points."""
        sale_id = take_sale_id()
        with db.transaction():
            record_closed(
                sale_id=sale_id,
                key=SaleKey(self.merchant_id, mode, uuid4()),
                closing=self._closing(priced, person),
                actor=self.actor,
                now=at,
            )
            balance = self.settle_again(sale_id, priced, mode, at=at)
        return sale_id, balance.value

    def settle_again(
        self,
        sale_id: int,
        priced: programs.Priced,
        mode: str = Mode.LIVE,
        *,
        at: datetime = SOLD_AT,
    ) -> Later[int | None]:
        """Settle it, in the end of the open transaction; the value will be the member's points."""
        return settle(
            sale_id=sale_id,
            merchant_id=self.merchant_id,
            mode=mode,
            settlement=priced.settlement(),
            now=at,
        )

    def sell(
        self,
        gross: int,
        person: Person | None = None,
        mode: str = Mode.LIVE,
        *,
        at: datetime = SOLD_AT,
    ) -> Any:
        """Sell bread at today's price; return the sale's id and the member's points."""
        return self.settle(self.price(gross, person, mode=mode), person, mode, at=at)

    def points(self, person: Person, mode: str = Mode.LIVE) -> int | None:
        found = points_of(merchant_id=self.merchant_id, person_id=person.pk, mode=mode)
        return found.balance if found else None

    def _closing(self, priced: programs.Priced, person: Person | None) -> Closing:
        quote = priced.quote
        (line,) = quote.lines
        return Closing(
            store_id=self.store_id,
            channel="in_store",
            terminal_id=None,
            person_id=person.pk if person else None,
            revision=1,
            currency="EUR",
            points_earned=quote.points,
            basket_hash=bytes(32),
            operator="",
            language="nl",
            reference="",
            lines=[
                LineFacts(
                    number=1,
                    sku="desem",
                    name="Desembrood",
                    quantity=1,
                    unit="piece",
                    unit_price=line.gross,
                    gross=line.gross,
                    discount=line.discount,
                    paid=line.paid,
                    vat_rate_bp=900,
                    vat=0,
                    points=line.points,
                    reasons=line.reasons(),
                    category_reference="brood",
                )
            ],
            tenders=[TenderFacts(number=1, kind="pin", amount=quote.due)] if quote.due else [],
        )
