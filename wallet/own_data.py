"""What OK holds of a person: what they take along, and what stays when they leave.

The wallet answers for itself and what lies below it; the apps above by ``wallet.hooks.OwnData``.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from okplatform.kernel.tenancy import operator_scope, person_scope
from okplatform.parties.models import BrowserSession, Membership, Person, Role
from okplatform.trade.models import SaleLine
from wallet.cards import as_values
from wallet.family_data import family_sections
from wallet.hooks import Section, own_data
from wallet.models import (
    Attestation,
    Card,
    CardBalanceChange,
    CardChange,
    DeclarationKind,
    Device,
    LiveCard,
    PresencePin,
    ProofOffer,
    Receipt,
    Warranty,
)
from wallet.queries import (
    birthday_of,
    consents_of,
    contact_details_of,
    declarations_of,
    letters_of,
    looks_at,
    push_notices_of,
    push_phones_of,
    push_settings_of,
    receipts_of,
)


def sections_of(person_id: int) -> Sequence[Section]:
    """Return all that is held of a person: the wallet's own first, then that of the apps above."""
    return [
        Section("person", _("About you"), [_person(person_id)]),
        Section("declarations", _("What you told yourself"), _declared(person_id)),
        Section("devices", _("Your phones"), _devices(person_id)),
        Section("sessions", _("Where you are signed in"), _sessions(person_id)),
        Section("consents", _("Your consents"), _consents(person_id)),
        Section("looks", _("Who looked?"), _looks(person_id)),
        Section("receipts", _("Receipts"), _receipts(person_id)),
        Section("warranties", _("Warranties"), _warranties(person_id)),
        Section("receipt_letters", _("Receipts by mail"), _letters(person_id)),
        Section("cards", _("Your cards"), _cards(person_id)),
        Section("card_edits", _("What you changed on cards"), _card_edits(person_id)),
        Section("card_balances", _("What went on and off cards"), _card_balances(person_id)),
        *family_sections(person_id),
        Section("live_cards", _("Cards with live points"), _live_cards(person_id)),
        Section("proofs", _("Proofs"), _proofs(person_id)),
        Section("notifications", _("Notifications"), [_notifications(person_id)]),
        Section("push_phones", _("Phones with notifications"), _push_phones(person_id)),
        Section("push_notices", _("What your phone told you lately"), _push_notices(person_id)),
        Section("memberships", _("Where you work"), _memberships(person_id)),
        *(section for holder in own_data() for section in holder.sections(person_id)),
    ]


def objections_to_leaving(person_id: int) -> Sequence[str]:
    """Return what has to be settled before a person can leave, a sentence each."""
    said = _("You own {shop} here. Let OK hand it over to somebody else first.")
    with person_scope(person_id):
        owned = Membership.objects.filter(role=Role.OWNER).select_related("merchant")
        names = [one.merchant.name for one in owned]
    return [
        *(said.format(shop=name) for name in names),
        *(sentence for holder in own_data() for sentence in holder.objections(person_id)),
    ]


def kept_after_leaving() -> Sequence[str]:
    """Return what stays without a name, because the law says so, a sentence each."""
    return [
        _("Purchases stay in the shops' books for seven years, without your name."),
        _(
            "That you gave and took back consents, and who looked, stays as proof, without your "
            "name."
        ),
        *(sentence for holder in own_data() for sentence in holder.kept()),
    ]


def _person(person_id: int) -> Mapping[str, Any]:
    person = Person.objects.get(pk=person_id)
    details, born = contact_details_of(person_id), birthday_of(person_id)
    return {
        "name": person.name,
        "email": person.email,
        "language": person.language,
        "joined_at": person.joined_at.isoformat(),
        "phone": details.phone if details else "",
        "street": details.street if details else "",
        "postal_code": details.postal_code if details else "",
        "city": details.city if details else "",
        # As a vCard writes a day without a year (RFC 6350).
        "birthday": f"--{born.month:02}{born.day:02}" if born else "",
        "has_pin": PresencePin.objects.filter(person_id=person_id).exists(),
    }


def _declared(person_id: int) -> Sequence[Mapping[str, Any]]:
    return [
        {"kind": kind.value, "told": str(one), "at": one.declared_at.isoformat()}
        for kind in DeclarationKind
        for one in declarations_of(person_id, kind)
    ]


def _devices(person_id: int) -> Sequence[Mapping[str, Any]]:
    return [
        {
            "name": device.name,
            "enrolled_at": device.enrolled_at.isoformat(),
            "blocked_at": device.blocked_at and device.blocked_at.isoformat(),
        }
        for device in Device.objects.filter(person_id=person_id).order_by("id")
    ]


def _sessions(person_id: int) -> Sequence[Mapping[str, Any]]:
    return [
        {
            "browser": session.browser,
            "signed_in_at": session.signed_in_at.isoformat(),
            "seen_at": session.seen_at.isoformat(),
        }
        for session in BrowserSession.objects.filter(person_id=person_id).order_by("id")
    ]


def _consents(person_id: int) -> Sequence[Mapping[str, Any]]:
    return [
        {
            "shop": consent.merchant.name,
            "purpose": consent.purpose,
            "text_version": consent.text_version,
            "language": consent.language,
            "granted_at": consent.granted_at.isoformat(),
            "withdrawn_at": consent.withdrawn_at and consent.withdrawn_at.isoformat(),
        }
        for consent in consents_of(person_id)
    ]


def _looks(person_id: int) -> Sequence[Mapping[str, Any]]:
    return [
        {
            "shop": look.merchant.name,
            "who": look.actor_name,
            "saw": look.what,
            "why": look.why,
            "about": look.about,
            "at": look.at.isoformat(),
        }
        for look in looks_at(person_id).select_related("merchant")
    ]


def _receipts(person_id: int) -> Sequence[Mapping[str, Any]]:
    receipts: list[Receipt] = list(receipts_of(person_id))
    goods: dict[int, list[str]] = {receipt.sale_id: [] for receipt in receipts}
    with operator_scope("lines of a person's own receipts, at every shop"):
        lines = SaleLine.objects.filter(sale_id__in=goods).order_by("sale_id", "number")
        for sale_id, name, paid in lines.values_list("sale_id", "name", "paid"):
            goods[sale_id].append(f"{name} ({paid})")
    return [
        {
            "shop": receipt.merchant.name,
            # A receipt is of a closed sale, which has both.
            "store": receipt.sale.store and receipt.sale.store.name,
            "at": receipt.sale.closed_at and receipt.sale.closed_at.isoformat(),
            "number": receipt.sale.reference,
            "lines": "; ".join(goods[receipt.sale_id]),
            "due": receipt.sale.due,
            "currency": receipt.sale.currency,
        }
        for receipt in receipts
    ]


def _warranties(person_id: int) -> Sequence[Mapping[str, Any]]:
    with person_scope(person_id):
        kept = Warranty.objects.select_related("receipt__sale").order_by("id")
        return [
            {
                "receipt": str(one.receipt.sale.uuid),
                "line": one.line,
                "ends_on": one.ends_on.isoformat(),
                "note": one.note,
            }
            for one in kept
        ]


def _letters(person_id: int) -> Sequence[Mapping[str, Any]]:
    return [
        {
            "receipt": str(letter.receipt.sale.uuid),
            "asked_by": letter.asked_by,
            "asked_at": letter.asked_at.isoformat(),
            "state": letter.state,
            "sent_at": letter.sent_at and letter.sent_at.isoformat(),
        }
        for letter in letters_of(person_id).select_related("receipt__sale")
    ]


def _cards(person_id: int) -> Sequence[Mapping[str, Any]]:
    with person_scope(person_id):
        return [as_values(card) for card in Card.objects.order_by("id")]


def _card_edits(person_id: int) -> Sequence[Mapping[str, Any]]:
    with person_scope(person_id):
        return [
            {
                "card": str(edit.card.uuid),
                "device": edit.device,
                "at": edit.edited_at.isoformat(),
                **edit.fields,
            }
            for edit in CardChange.objects.select_related("card").order_by("id")
        ]


def _card_balances(person_id: int) -> Sequence[Mapping[str, Any]]:
    with person_scope(person_id):
        return [
            {
                "card": str(change.card.uuid),
                "device": change.device,
                "at": change.changed_at.isoformat(),
                "delta": change.delta,
                "note": change.note,
            }
            for change in CardBalanceChange.objects.select_related("card").order_by("id")
        ]


def _live_cards(person_id: int) -> Sequence[Mapping[str, Any]]:
    with person_scope(person_id):
        live = LiveCard.objects.select_related("card", "claim__merchant").order_by("id")
        return [
            {
                "card": str(one.card.uuid),
                "shop": one.claim.merchant.name,
                "since": one.coupled_at.isoformat(),
            }
            for one in live
        ]


def _proofs(person_id: int) -> Sequence[Mapping[str, Any]]:
    attested = Attestation.objects.filter(person_id=person_id).order_by("id")
    offered = ProofOffer.objects.filter(person_id=person_id).order_by("id")
    return [
        *(
            {
                "claim": one.claim,
                "holds": one.holds,
                "issuer": one.issuer,
                "at": str(one.attested_at),
            }
            for one in attested
        ),
        *({"claim": one.claim, "offered_at": one.offered_at.isoformat()} for one in offered),
    ]


def _notifications(person_id: int) -> Mapping[str, Any]:
    wishes = push_settings_of(person_id)
    return {
        "kinds": ", ".join(wishes.kinds),
        "quiet_from": wishes.quiet_from and wishes.quiet_from.isoformat("minutes"),
        "quiet_until": wishes.quiet_until and wishes.quiet_until.isoformat("minutes"),
        "timezone": wishes.timezone,
        "days_before": wishes.days_before,
        "shows_details": wishes.shows_details,
    }


def _push_phones(person_id: int) -> Sequence[Mapping[str, Any]]:
    """Say where, and not by which address: whoever knows that may write to the phone."""
    return [
        {"browser": phone.session.browser, "added_at": phone.added_at.isoformat()}
        for phone in push_phones_of(person_id)
    ]


def _push_notices(person_id: int) -> Sequence[Mapping[str, Any]]:
    return [
        {"kind": one.kind, "page": one.url, "at": one.made_at.isoformat(), **one.facts}
        for one in push_notices_of(person_id)
    ]


def _memberships(person_id: int) -> Sequence[Mapping[str, Any]]:
    with person_scope(person_id):
        found = Membership.objects.select_related("merchant")
        return [{"shop": one.merchant.name, "role": one.role} for one in found]
