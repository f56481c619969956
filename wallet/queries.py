"""Reads of the wallet; other apps join ``consented`` instead of copying what a person allowed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from okplatform.kernel.tenancy import merchant_scope, person_scope
from okplatform.parties.models import Merchant
from wallet.models import Consent, Device, Disclosure, PresencePin, Receipt


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
    allowed = consented(merchant_id, "identity").filter(person_id=person_id)
    return allowed.values_list("person__name", flat=True).first() or None


def devices_of(person_id: int) -> QuerySet[Device]:
    """Return the phones that may show a person's codes, the newest first."""
    return Device.objects.filter(person_id=person_id, blocked_at=None).order_by("-enrolled_at")


def pin_of(person_id: int) -> PresencePin | None:
    """Return the PIN that a person confirms payments with; None where none was set."""
    return PresencePin.objects.filter(person_id=person_id).first()


def receipts_of(person_id: int) -> QuerySet[Receipt]:
    """Return a person's receipts with sale, store and merchant, the newest first."""
    with person_scope(person_id):
        receipts: QuerySet[Receipt] = Receipt.objects.select_related("merchant", "sale__store")
        return receipts.order_by("-sale__closed_at", "-id")


def latest_receipt(person_id: int) -> Receipt | None:
    """Return the receipt that was filed last."""
    with person_scope(person_id):
        latest: Receipt | None = Receipt.objects.order_by("-id").first()
    return latest


@dataclass(frozen=True, slots=True)
class FiledReceipt:
    """A receipt, and whose it is."""

    receipt_id: int
    person_id: int


def receipts_for(sale_ids: Sequence[int]) -> list[FiledReceipt]:
    """Return the receipts of these sales, whoever's they are; needs an operator's scope."""
    rows = Receipt.objects.filter(sale__in=sale_ids).order_by("id").values_list("id", "person_id")
    return [FiledReceipt(*row) for row in rows]


def consents_in_force(person_id: int) -> QuerySet[Consent]:
    """Return what a person allows now, at every merchant."""
    with person_scope(person_id):
        in_force: QuerySet[Consent] = Consent.objects.filter(withdrawn_at=None)
    return in_force


def looks_at(person_id: int, *, since: datetime) -> QuerySet[Disclosure]:
    """Return who looked since a moment, the latest first."""
    with person_scope(person_id):
        looks: QuerySet[Disclosure] = Disclosure.objects.filter(at__gte=since)
    return looks.order_by("-at", "-id")


def shops_of(person_id: int, *, since: datetime) -> QuerySet[Merchant]:
    """Return the merchants that know a person: a purchase, a consent (ever) or a look.

    ``may_know`` says whether a consent is in force; ``looks`` counts who looked since a moment.
    """
    looks = looks_at(person_id, since=since)
    counted = looks.filter(merchant_id=OuterRef("id")).order_by().values("merchant_id")
    with person_scope(person_id):
        known = (
            Q(id__in=Receipt.objects.values("merchant_id"))
            | Q(id__in=Consent.objects.values("merchant_id"))
            | Q(id__in=Disclosure.objects.values("merchant_id"))
        )
    in_force = consents_in_force(person_id).filter(merchant_id=OuterRef("id"))
    return (
        Merchant.objects.filter(known)
        .annotate(may_know=Exists(in_force), looks=counted.annotate(n=Count("*")).values("n"))
        .order_by("name")
    )
