"""What a merchant may know of a person: the only door to it, through a consent in force.

Whoever asks joins ``consented`` in the query itself, so that a withdrawal acts on the very next
one. What comes out of here is shown and forgotten, never kept (invariant 7), and whoever shows it
writes the line in "who looked" (``wallet.actions.record_disclosure``).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, Max, Min, OuterRef, QuerySet

from okplatform.kernel.tenancy import merchant_scope
from okplatform.parties.models import Person
from okplatform.trade.models import Sale, SaleLine
from wallet.models import (
    Consent,
    ContactDetails,
    Declaration,
    DeclarationKind,
    Fact,
    Purpose,
    Receipt,
)

PURCHASES_SHOWN = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """How to reach a person, as far as they told."""

    email: str
    phone: str = ""
    street: str = ""
    postal_code: str = ""
    city: str = ""


@dataclass(frozen=True, slots=True)
class Purchase:
    """A sale as the customer card shows it, with the names of what was bought."""

    sale: Sale
    goods: Sequence[str]


@dataclass(frozen=True, slots=True)
class Visits:
    """Since when and how often somebody bought at a merchant."""

    times: int
    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberCard:
    """What a merchant's people may see of a person now; None is what they may not know.

    ``allergies`` stays None until somebody asks for them (``allergies_of``); ``allowed`` holds the
    purposes in force.
    """

    allowed: frozenset[str]
    name: str | None = None
    reach: Reach | None = None
    purchases: Sequence[Purchase] | None = None
    preferences: Sequence[str] | None = None
    visits: Visits | None = None
    allergies: Sequence[str] | None = None

    @property
    def seen(self) -> list[tuple[str, str]]:
        """Return what whoever opens it sees, as purposes and facts for "who looked"."""
        facts = (
            (Purpose.IDENTITY, Fact.NAME, self.name),
            (Purpose.CONTACT, Fact.CONTACT, self.reach),
            (Purpose.PURCHASES, Fact.PURCHASES, self.purchases),
            (Purpose.PREFERENCES, Fact.PREFERENCES, self.preferences),
            (Purpose.RECOGNITION, Fact.VISITS, self.visits),
            (Purpose.ALLERGIES, Fact.ALLERGIES, self.allergies),
        )
        return [(purpose.value, fact.value) for purpose, fact, value in facts if value is not None]


def consented(merchant_id: int, purpose: str) -> QuerySet[Consent]:
    """Return the consents to a merchant in force for a purpose, to join in the reader's own query.

    ``people.filter(Exists(consented(merchant, "identity").filter(person_id=OuterRef("id"))))``: a
    withdrawal acts on the very next query.
    """
    with merchant_scope(merchant_id):
        found: QuerySet[Consent] = Consent.objects.filter(purpose=purpose, withdrawn_at=None)
    return found


def name_if_consented(*, person_id: int, merchant_id: int) -> str | None:
    """Return the person's name if the merchant may know it now, for an answer rendered anew."""
    allowed = consented(merchant_id, Purpose.IDENTITY).filter(person_id=person_id)
    return allowed.values_list("person__name", flat=True).first() or None


def is_recognised(*, person_id: int, merchant_id: int) -> bool:
    """Say whether staff may open the person's card by their code."""
    return consented(merchant_id, Purpose.RECOGNITION).filter(person_id=person_id).exists()


def card_of(*, person_id: int, merchant_id: int) -> MemberCard:
    """Return what the merchant's people may see now; each fact joins its own consent.

    The person's page shows the same card, so what stands here is what "What they see" shows.
    """
    with merchant_scope(merchant_id):
        in_force = Consent.objects.filter(person_id=person_id, withdrawn_at=None)
        allowed = frozenset(in_force.values_list("purpose", flat=True))
    return MemberCard(
        allowed=allowed,
        name=name_if_consented(person_id=person_id, merchant_id=merchant_id),
        reach=_reach(person_id, merchant_id),
        purchases=_purchases(person_id, merchant_id),
        preferences=_declared(
            person_id, merchant_id, Purpose.PREFERENCES, DeclarationKind.PREFERENCE
        ),
        visits=_visits(person_id, merchant_id),
    )


def allergies_of(*, person_id: int, merchant_id: int) -> Sequence[str] | None:
    """Return the declared allergies, for who asked for them by a tap; None without consent."""
    return _declared(person_id, merchant_id, Purpose.ALLERGIES, DeclarationKind.ALLERGY)


def _allowing(merchant_id: int, purpose: str, person: str = "person_id") -> Exists:
    return Exists(consented(merchant_id, purpose).filter(person_id=OuterRef(person)))


def _reach(person_id: int, merchant_id: int) -> Reach | None:
    allowing = _allowing(merchant_id, Purpose.CONTACT, "pk")
    people = Person.objects.filter(allowing, pk=person_id)
    email = people.values_list("email", flat=True).first()
    if email is None:
        return None
    told = ContactDetails.objects.filter(
        _allowing(merchant_id, Purpose.CONTACT), person_id=person_id
    )
    details = told.first() or ContactDetails()
    return Reach(
        email=email,
        phone=details.phone,
        street=details.street,
        postal_code=details.postal_code,
        city=details.city,
    )


def _purchases(person_id: int, merchant_id: int) -> Sequence[Purchase] | None:
    if not consented(merchant_id, Purpose.PURCHASES).filter(person_id=person_id).exists():
        return None
    with merchant_scope(merchant_id):
        receipts = Receipt.objects.filter(
            _allowing(merchant_id, Purpose.PURCHASES), person_id=person_id
        ).select_related("sale__store")
        sales = [receipt.sale for receipt in receipts.order_by("-id")[:PURCHASES_SHOWN]]
        goods: dict[int, list[str]] = {sale.pk: [] for sale in sales}
        lines = SaleLine.objects.filter(sale__in=sales).order_by("sale", "number")
        for sale_id, name in lines.values_list("sale_id", "name"):
            goods[sale_id].append(name)
    return [Purchase(sale, goods[sale.pk]) for sale in sales]


def _visits(person_id: int, merchant_id: int) -> Visits | None:
    with merchant_scope(merchant_id):
        receipts = Receipt.objects.filter(
            _allowing(merchant_id, Purpose.RECOGNITION), person_id=person_id
        )
        found = receipts.aggregate(
            times=Count("id"), first=Min("sale__closed_at"), last=Max("sale__closed_at")
        )
    return Visits(**found) if found["times"] else None


def _declared(
    person_id: int, merchant_id: int, purpose: str, kind: DeclarationKind
) -> Sequence[str] | None:
    if not consented(merchant_id, purpose).filter(person_id=person_id).exists():
        return None
    told = Declaration.objects.filter(
        _allowing(merchant_id, purpose), person_id=person_id, kind=kind
    )
    return [str(one) for one in told.order_by("id")]
