"""Reads of the wallet, for the person; what merchants may know stands in ``wallet.consents``."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, OuterRef, Q, QuerySet

from okplatform.kernel.tenancy import operator_scope, person_scope
from okplatform.parties.models import BrowserSession, Merchant
from wallet.models import (
    Attestation,
    Birthday,
    Consent,
    ContactDetails,
    Declaration,
    DeclarationKind,
    Device,
    Disclosure,
    PresencePin,
    ProofOffer,
    PushDelivery,
    PushDeliveryState,
    PushKind,
    PushNotice,
    PushSettings,
    PushSubscription,
    Receipt,
    ReceiptLetter,
    ReceiptLetterState,
)


def devices_of(person_id: int) -> QuerySet[Device]:
    """Return the phones that may show a person's codes, the newest first."""
    return Device.objects.filter(person_id=person_id, blocked_at=None).order_by("-enrolled_at")


def is_blocked(device: UUID) -> bool:
    """Say whether that phone was blocked, whoever asks: only the phone itself knows its name."""
    return Device.objects.filter(uuid=device, blocked_at__isnull=False).exists()


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


@dataclass(frozen=True, slots=True)
class ReceiptInShort:
    """A receipt, whose it is, and what was paid where."""

    receipt_id: int
    person_id: int
    shop: str
    due: int
    currency: str


def receipts_to_tell(receipt_ids: Sequence[int]) -> list[ReceiptInShort]:
    """Return those of these receipts whose person wants to hear of them on the phone.

    Needs an operator's scope.
    """
    if not receipt_ids:
        return []
    listening = PushSettings.objects.filter(kinds__contains=[PushKind.RECEIPT])
    wanted = Receipt.objects.filter(pk__in=receipt_ids, person__in=listening.values("person"))
    found = wanted.order_by("id")
    rows = found.values_list("id", "person_id", "merchant__name", "sale__due", "sale__currency")
    return [ReceiptInShort(*row) for row in rows]


def names_of_devices(devices: Sequence[str]) -> dict[str, str]:
    """Return what phones are called, by their UUID."""
    found = Device.objects.filter(uuid__in=devices).values_list("uuid", "name")
    return {str(uuid): name for uuid, name in found}


def letters_of(person_id: int) -> QuerySet[ReceiptLetter]:
    """Return the receipts that were to be mailed to a person, the latest first."""
    with person_scope(person_id):
        letters: QuerySet[ReceiptLetter] = ReceiptLetter.objects.order_by("-asked_at", "-id")
    return letters


def due_receipt_letters(*, now: datetime, most: int) -> list[int]:
    """Return the letters with receipts that are to be sent, the longest due first."""
    with operator_scope("letters that wait, whoever's"):
        waiting = ReceiptLetter.objects.filter(state=ReceiptLetterState.WAITING, due_at__lte=now)
        return list(waiting.order_by("due_at", "id").values_list("pk", flat=True)[:most])


def consents_of(person_id: int) -> QuerySet[Consent]:
    """Return every consent a person ever gave, with its merchant, the newest first."""
    with person_scope(person_id):
        consents: QuerySet[Consent] = Consent.objects.select_related("merchant")
    return consents.order_by("-granted_at", "-id")


def consents_in_force(person_id: int) -> QuerySet[Consent]:
    """Return what a person allows now, at every merchant."""
    with person_scope(person_id):
        in_force: QuerySet[Consent] = Consent.objects.filter(withdrawn_at=None)
    return in_force


def looks_at(person_id: int, *, since: datetime | None = None) -> QuerySet[Disclosure]:
    """Return who looked, of late or ever, the latest first."""
    with person_scope(person_id):
        looks: QuerySet[Disclosure] = Disclosure.objects.all()
    if since is not None:
        looks = looks.filter(at__gte=since)
    return looks.order_by("-at", "-id")


def glances(looks: QuerySet[Disclosure]) -> QuerySet[Any]:
    """Return looks as rows in which all that somebody saw at one moment stands together."""
    return (
        looks.order_by()
        .values("merchant__name", "merchant__reference", "actor_name", "why", "about", "at")
        .annotate(facts=ArrayAgg("what", distinct=True, order_by="what"))
        .order_by("-at", "actor_name")
    )


def birthday_of(person_id: int) -> Birthday | None:
    """Return the day a person told, for the person themself; shops have ``wallet_birthday``."""
    return Birthday.objects.filter(person_id=person_id).first()


def contact_details_of(person_id: int) -> ContactDetails | None:
    """Return how to reach a person besides by e-mail, for themselves."""
    return ContactDetails.objects.filter(person_id=person_id).first()


def declarations_of(person_id: int, kind: DeclarationKind) -> QuerySet[Declaration]:
    """Return what a person told of one kind, for themselves."""
    return Declaration.objects.filter(person_id=person_id, kind=kind).order_by("id")


def attestations_of(person_id: int, *, now: datetime) -> QuerySet[Attestation]:
    """Return what issuers attested of a person, as far as it has not ended."""
    return Attestation.objects.filter(person_id=person_id, expires_at__gt=now)


def open_offers_of(person_id: int, *, now: datetime) -> QuerySet[ProofOffer]:
    """Return the proofs that a person offers at this moment."""
    return ProofOffer.objects.filter(person_id=person_id, until__gt=now).order_by("until")


def shops_of(person_id: int, *, since: datetime) -> QuerySet[Merchant]:
    """Return the merchants that know a person: a purchase, a consent (ever) or a look.

    ``allowed`` holds the purposes in force; ``looks`` counts who looked since a moment.
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
        .annotate(
            allowed=ArraySubquery(in_force.order_by("id").values("purpose")),
            looks=counted.annotate(n=Count("at", distinct=True)).values("n"),
        )
        .order_by("name")
    )


def push_settings_of(person_id: int) -> PushSettings:
    """Return what a person wants to hear of: the defaults where nothing was chosen."""
    with person_scope(person_id):
        return PushSettings.objects.first() or PushSettings(person_id=person_id)


def push_phones_of(person_id: int) -> QuerySet[PushSubscription]:
    """Return the browsers that show a person's notifications, the newest first."""
    with person_scope(person_id):
        mine: QuerySet[PushSubscription] = PushSubscription.objects.select_related("session")
        return mine.order_by("-added_at", "-id")


def push_phone_here(person_id: int, session_key: str) -> PushSubscription | None:
    """Return this browser, where it shows the person's notifications."""
    return push_phones_of(person_id).filter(session__session_key=session_key).first()


def session_name(person_id: int, session_key: str) -> str:
    """Return what a sign-in is known by to its person; empty where it is not noted yet."""
    mine = BrowserSession.objects.filter(person_id=person_id, session_key=session_key)
    return str(mine.values_list("uuid", flat=True).first() or "")


def push_notices_of(person_id: int) -> QuerySet[PushNotice]:
    """Return what a person was told lately, the latest first."""
    with person_scope(person_id):
        said: QuerySet[PushNotice] = PushNotice.objects.order_by("-made_at", "-id")
    return said


def due_pushes(*, now: datetime, most: int) -> list[int]:
    """Return the deliveries to send now, those that wait longest first, whoever's."""
    with operator_scope("notifications that are due, whoever's"):
        due = PushDelivery.objects.filter(state=PushDeliveryState.WAITING, due_at__lte=now)
        free = due.filter(Q(claimed_until=None) | Q(claimed_until__lte=now))
        return list(free.order_by("due_at", "id").values_list("pk", flat=True)[:most])
