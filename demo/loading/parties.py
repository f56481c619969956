"""The merchants of the demo world with their stores and tills, and everybody with a sign-in."""

from dataclasses import dataclass

from demo.world import PASSWORD, MerchantFacts, PersonFacts, StaffFacts
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.tenancy import merchant_scope
from okplatform.parties.actions.add_terminal import add_terminal
from okplatform.parties.actions.appoint_staff import appoint_staff
from okplatform.parties.actions.create_merchant import create_merchant
from okplatform.parties.actions.create_person import create_person
from okplatform.parties.actions.grant_membership import grant_membership
from okplatform.parties.actions.open_store import open_store
from okplatform.parties.models import Membership, Merchant, Person, Store, Terminal
from payments.actions.open_merchant_accounts import open_merchant_accounts


@dataclass(frozen=True, slots=True)
class Premises:
    """A loaded merchant: the ids of its stores, and of its tills by store and reference.

    The oldest comes first: it is the one that a shop's past and the sandbox's key are given to.
    """

    merchant_id: int
    stores: dict[str, int]
    terminals: dict[tuple[str, str], int]


def load_merchant(facts: MerchantFacts) -> Premises:
    """Find the merchant with its stores and tills, or make what is missing."""
    known = Merchant.objects.filter(reference=facts.reference).first()
    merchant_id = known.pk if known else _create(facts)
    with merchant_scope(merchant_id):
        stores = dict(Store.objects.order_by("pk").values_list("reference", "pk"))
        tills = Terminal.objects.order_by("pk")
        terminals = {
            (store, reference): pk
            for store, reference, pk in tills.values_list("store__reference", "reference", "pk")
        }
    premises = Premises(merchant_id, stores, terminals)
    _open_missing(facts, premises)
    return premises


def load_people(people: tuple[PersonFacts, ...]) -> dict[str, int]:
    """Find or make the shoppers; return their ids by e-mail address."""
    return {
        person.email: _person(person.email, person.name, person.language, person.mode)
        for person in people
    }


def load_staff(staff: tuple[StaffFacts, ...], premises: dict[str, Premises]) -> None:
    """Give everybody who works for a merchant a sign-in and a role."""
    for facts in staff:
        person_id = _person(facts.email, facts.name, "nl", "live")
        place = premises[facts.merchant]
        with merchant_scope(place.merchant_id):
            if Membership.objects.filter(person_id=person_id).exists():
                continue
        grant_membership(
            person_id=person_id,
            merchant_id=place.merchant_id,
            role=facts.role,
            store_id=place.stores[facts.store] if facts.store else None,
            actor=SYSTEM,
        )


def load_office(name: str, email: str) -> None:
    """Give one of OK's own people a sign-in, and the office."""
    _person(email, name, "nl", "live")
    appoint_staff(email=email, actor=SYSTEM)


def _create(facts: MerchantFacts) -> int:
    merchant = create_merchant(
        reference=facts.reference,
        name=facts.name,
        kvk=facts.kvk,
        vat_number=facts.vat_number,
        iban=facts.iban,
        actor=SYSTEM,
    )
    open_merchant_accounts(merchant_id=merchant.pk, actor=SYSTEM)
    return merchant.pk


def _open_missing(facts: MerchantFacts, premises: Premises) -> None:
    for store in facts.stores:
        if store.reference not in premises.stores:
            opened = open_store(
                merchant_id=premises.merchant_id,
                reference=store.reference,
                name=store.name,
                channel=store.channel,
                city=store.city,
                actor=SYSTEM,
            )
            premises.stores[store.reference] = opened.pk
        for till in store.till_references:
            if (store.reference, till) in premises.terminals:
                continue
            added = add_terminal(
                merchant_id=premises.merchant_id,
                store_id=premises.stores[store.reference],
                reference=till,
                name=till.replace("-", " ").capitalize(),
                actor=SYSTEM,
            )
            premises.terminals[store.reference, till] = added.pk


def _person(email: str, name: str, language: str, mode: str) -> int:
    known = Person.objects.filter(email=email).values_list("pk", flat=True).first()
    if known is not None:
        return known
    person = create_person(
        email=email,
        name=name,
        language=language,
        mode=mode,
        password=PASSWORD,
        address_proved=True,
        actor=SYSTEM,
    )
    return person.pk
