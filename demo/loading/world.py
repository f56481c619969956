"""The whole demo world, in the order in which each piece needs the one before."""

from collections import Counter as Tally
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from demo import sample
from demo.history import Visit, past_year
from demo.journey import Basket, categories, last_prices, sale_uuid
from demo.loading.accounts import (
    household_iban,
    let_pay_often,
    load_accounts,
    load_house_account,
    load_pin,
)
from demo.loading.articles import product_facts
from demo.loading.benefits import join, load_benefits, load_choices
from demo.loading.cards import load_cards
from demo.loading.catalogue import load_catalogue, product_ids
from demo.loading.gift_cards import load_gift_cards
from demo.loading.households import load_households
from demo.loading.keys import load_keys
from demo.loading.parties import Premises, load_merchant, load_office, load_people, load_staff
from demo.loading.past import known_sales, write_past
from demo.loading.plans import load_invoices, load_plans
from demo.loading.purchases import load_purchases
from demo.loading.shop_past import categories_of, products_of, sales_of
from demo.loading.together import load_together
from demo.ringing import Counter
from demo.shops import GUESTS, read_goods
from demo.world import JOURNEY, MERCHANTS, OFFICE, PASSWORD, PEOPLE, PIN, STAFF, MerchantFacts
from okplatform.kernel.audit import Actor
from okplatform.kernel.modes import Mode
from okplatform.trade.actions.bulk import PastSale

# So many of the most faithful households have a phone with OK: `replay` shops with them.
REGULARS = 24
NOBODY = 0

# When they joined, consented and added their bank accounts.
LONG_AGO = timedelta(weeks=8)

Say = Callable[[str], object]


def load_world(known_keys: Iterable[dict[str, Any]], now: datetime, say: Say) -> dict[str, Any]:
    """Load what is missing; return who may sign in, and the API keys."""
    baskets = list(sample.read_baskets())
    load_house_account(now)
    premises = {facts.reference: load_merchant(facts) for facts in MERCHANTS}
    people = load_people(PEOPLE)
    load_staff(STAFF, premises)
    load_office(*OFFICE)
    named = {person.household: people[person.email] for person in PEOPLE if person.household}
    anonymous = sorted({basket.household for basket in baskets} - set(named))
    households = load_households(anonymous)
    say(f"{len(premises)} merchants, {len(people) + len(STAFF)} sign-ins")
    _load_catalogues_and_pasts(baskets, premises, households | named, now, say)
    since = now - LONG_AGO
    for facts in MERCHANTS:
        load_benefits(facts, premises[facts.reference], since)
    _load_choices(premises, people, since)
    load_together(premises, people, since)
    say(f"{load_cards(people, since, now)} cards in wallets")
    say(f"{load_gift_cards(premises, people, now)} gift cards")
    _load_regulars(baskets, households, premises[JOURNEY], since)
    keys = load_keys(premises, known_keys, now)
    load_plans(premises, now)
    made = load_purchases(premises, people, keys, now)
    say(f"{len(keys)} API keys, {made} new purchases with OK, {load_invoices(now)} invoices")
    shoppers = [row | {"pin": PIN} for row in _sign_ins(PEOPLE)]
    return {"people": shoppers, "staff": _staff(), "api_keys": keys}


def regulars(baskets: Iterable[Basket]) -> list[int]:
    """Name the households that come most often, but for those that are somebody's."""
    named = {person.household for person in PEOPLE}
    visits = Tally(basket.household for basket in baskets if basket.household not in named)
    return [household for household, _count in visits.most_common(REGULARS)]


def _load_catalogues_and_pasts(
    baskets: list[Basket],
    premises: Mapping[str, Premises],
    people: Mapping[int, int],
    now: datetime,
    say: Say,
) -> None:
    guests = [people[number] for number in sorted(people)][:GUESTS]
    for facts in MERCHANTS:
        place = premises[facts.reference]
        known = known_sales(place.merchant_id)
        if facts.reference == JOURNEY:
            missing = _visits(baskets, known, now)
            sales = _journey_past(facts, place, baskets, people, missing)
        else:
            sales = _shop_past(facts, place, guests, known, now)
        count = write_past(merchant_id=place.merchant_id, sales=sales, now=now)
        say(f"{facts.name}: {count:,} sales added to {len(known):,}")


def _shop_past(
    facts: MerchantFacts,
    place: Premises,
    guests: Sequence[int],
    known: Collection[UUID],
    now: datetime,
) -> Iterator[PastSale]:
    goods = read_goods(facts.reference)
    ids = load_catalogue(place.merchant_id, categories_of(goods), products_of(goods))
    sales = sales_of(facts, place, ids, guests, now)
    return (sale for sale in sales if sale.uuid not in known)


def _visits(baskets: Iterable[Basket], known: Collection[UUID], now: datetime) -> Iterator[Visit]:
    for visit in past_year(baskets, now):
        if sale_uuid(JOURNEY, visit.basket.id, visit.round) not in known:
            yield visit


def _journey_past(
    facts: MerchantFacts,
    place: Premises,
    baskets: list[Basket],
    people: Mapping[int, int],
    visits: Iterable[Visit],
) -> Iterator[PastSale]:
    products = sample.read_products()
    ids = product_ids(place.merchant_id)
    if len(ids) < len(products):
        prices = last_prices(products, (line for basket in baskets for line in basket.lines))
        ids = load_catalogue(
            place.merchant_id,
            categories(products.values()),
            (product_facts(product, prices.get(product.id, 0)) for product in products.values()),
        )
    stores = {
        store.journey: (
            place.stores[store.reference],
            [place.terminals[store.reference, till] for till in store.till_references],
        )
        for store in facts.stores
        if store.journey is not None
    }
    counter = Counter(products=products, product_ids=ids, stores=stores, people=people)
    for visit in visits:
        uuid = sale_uuid(JOURNEY, visit.basket.id, visit.round)
        yield counter.ring_up(_as_the_till_saw_it(visit.basket), uuid=uuid, at=visit.at)


def _as_the_till_saw_it(basket: Basket) -> Basket:
    """Forget who came where no loyalty card was shown: no line has its discount."""
    if any(line.retail for line in basket.lines):
        return basket
    return replace(basket, household=NOBODY)


def _load_choices(premises: dict[str, Premises], people: Mapping[str, int], now: datetime) -> None:
    for person in PEOPLE:
        person_id = people[person.email]
        load_accounts(person_id, person.ibans, holder=person.name, mode=person.mode, now=now)
        load_choices(person, person_id, premises, now)
        load_pin(person_id, now)


def _load_regulars(
    baskets: Iterable[Basket], households: Mapping[int, int], place: Premises, now: datetime
) -> None:
    for number in regulars(baskets):
        person_id = households[number]
        load_accounts(
            person_id,
            [household_iban(number)],
            holder=f"Huishouden {number}",
            mode=Mode.LIVE,
            now=now,
        )
        let_pay_often(person_id, now)
        actor = Actor(kind="person", id=str(person_id))
        join(person_id, place.merchant_id, actor=actor, now=now)


def _sign_ins(people: Iterable[Any]) -> list[dict[str, Any]]:
    return [{"name": p.name, "email": p.email, "password": PASSWORD} for p in people]


def _staff() -> list[dict[str, Any]]:
    name, email = OFFICE
    office = {
        "name": name,
        "email": email,
        "password": PASSWORD,
        "merchant": "OK",
        "role": "office",
    }
    return [
        office,
        *(
            row | {"merchant": facts.merchant, "role": facts.role}
            for row, facts in zip(_sign_ins(STAFF), STAFF, strict=True)
        ),
    ]
