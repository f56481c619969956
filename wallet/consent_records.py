"""A consent as a record that anybody can read and check: ISO/IEC TS 27560:2023.

The sections and fields are those of the specification, with what the GDPR asks besides (lawful
basis, rights). The text is in there word for word, and so is whatever came after.
"""

from collections.abc import Mapping
from typing import Any

from django.conf import settings

from okplatform.parties.models import Merchant, Person
from wallet import signing
from wallet.consent_texts import consent_text
from wallet.models import Consent, Purpose

SCHEMA = "ISO/IEC TS 27560:2023"
KIND = "consent-receipt+jwt"
"""The ``typ`` of what is signed."""

INFORMATION = {
    Purpose.IDENTITY: ("name",),
    Purpose.CONTACT: ("email address", "telephone number", "postal address"),
    Purpose.PURCHASES: ("purchases at this merchant",),
    Purpose.PREFERENCES: ("declared preferences",),
    Purpose.RECOGNITION: ("number and dates of visits to this merchant",),
    Purpose.OFFERS: ("purchases at this merchant, read by OK only",),
    Purpose.BIRTHDAY: ("declared birthday without the year, read by OK only",),
    Purpose.MAIL: ("email address, used by OK only",),
    Purpose.PUSH: ("push address of the phone, used by OK only",),
    Purpose.ALLERGIES: ("declared allergies",),
}
TYPES = {
    Purpose.IDENTITY: "identification",
    Purpose.CONTACT: "customer care",
    Purpose.PURCHASES: "customer care",
    Purpose.PREFERENCES: "personalisation",
    Purpose.RECOGNITION: "personalisation",
    Purpose.OFFERS: "personalised advertising",
    Purpose.BIRTHDAY: "personalised advertising",
    Purpose.MAIL: "direct marketing",
    Purpose.PUSH: "direct marketing",
    Purpose.ALLERGIES: "safety of the customer",
}
RIGHTS = (
    "access (GDPR Art. 15)",
    "rectification (Art. 16)",
    "erasure (Art. 17)",
    "portability (Art. 20)",
    "withdrawal at any time (Art. 7(3))",
    "complaint to the Autoriteit Persoonsgegevens (Art. 77)",
)
OK_PARTY = "ok"


def record_of(consent: Consent, person: Person) -> dict[str, Any]:
    """Return the consent as a record; ``consent.merchant`` is its controller."""
    return {
        "schema_version": SCHEMA,
        "record_id": f"{settings.BASE_URL}/consents/{consent.pk}",
        "pii_principal_id": f"{settings.BASE_URL}/people/{person.pk}",
        "pii_processing": _processing(consent),
        "party_identification": [_merchant(consent.merchant), _ok()],
        "events": list(_events(consent)),
    }


def signed(consent: Consent, person: Person) -> dict[str, Any]:
    """Return record and receipt: the same record, signed, and where the key is published."""
    record = record_of(consent, person)
    return {
        "record": record,
        "receipt": {
            "schema_version": SCHEMA,
            "receipt_id": f"{record['record_id']}/receipt",
            "jws": signing.sign(record, kind=KIND),
            "keys": f"{settings.BASE_URL}/.well-known/jwks.json",
        },
    }


def _processing(consent: Consent) -> dict[str, Any]:
    purpose, merchant = Purpose(consent.purpose), consent.merchant
    text = consent_text(consent.purpose, consent.text_version, consent.language)
    is_health = purpose is Purpose.ALLERGIES
    basis = "explicit consent (GDPR Art. 9(2)(a))" if is_health else "consent (GDPR Art. 6(1)(a))"
    return {
        "privacy_notice": {
            "title": text.title,
            "summary": text.summary,
            "text": text.about(merchant.name).full,
            "version": consent.text_version,
        },
        "language": consent.language,
        "purposes": [
            {
                "purpose": purpose.value,
                "purpose_type": TYPES[purpose],
                "lawful_basis": basis,
                "pii_information": [
                    {"pii_type": kind, "special_pii_category": is_health}
                    for kind in INFORMATION[purpose]
                ],
                "pii_controllers": [merchant.reference],
                "collection_method": "told to OK by the person, or bought with the person's code",
                "processing_method": "shown live while the consent is in force; not copied",
                "storage_locations": ["NL"],
                "retention_period": "none at the merchant; ends with the consent",
                "processing_locations": ["NL"],
                "jurisdiction": "NL",
                "recipient_third_parties": [OK_PARTY],
                "withdrawal_method": f"{settings.BASE_URL}/wallet/you/shops/{merchant.reference}/",
                "privacy_rights": list(RIGHTS),
            }
        ],
    }


def _events(consent: Consent) -> list[Mapping[str, Any]]:
    by = {"entity_id": f"{settings.BASE_URL}/people/{consent.person_id}"}
    given = {
        **by,
        "event_time": consent.granted_at.isoformat(),
        "event_type": "explicit",
        "event_state": "consent given",
        "validity_duration": "until withdrawn",
    }
    if consent.withdrawn_at is None:
        return [given]
    ended = {
        **by,
        "event_time": consent.withdrawn_at.isoformat(),
        "event_type": "explicit",
        "event_state": "consent withdrawn",
    }
    return [given, ended]


def _merchant(merchant: Merchant) -> dict[str, str]:
    address = f"{merchant.street}, {merchant.postal_code} {merchant.city}, {merchant.country}"
    return {
        "party_id": merchant.reference,
        "party_name": merchant.name,
        "party_role": "PII controller",
        "party_type": "company",
        "party_registration": f"KvK {merchant.kvk}",
        "party_address": address if merchant.has_address else merchant.country,
        "party_contact": f"KvK {merchant.kvk}",
    }


def _ok() -> dict[str, str]:
    return {
        "party_id": OK_PARTY,
        "party_name": settings.OK_SELLER_NAME,
        "party_role": "PII processor",
        "party_type": "company",
        "party_registration": f"KvK {settings.OK_SELLER_KVK}",
        "party_address": f"{settings.OK_SELLER_STREET}, {settings.OK_SELLER_POSTAL_CODE}"
        f" {settings.OK_SELLER_CITY}, NL",
        "party_contact": settings.BASE_URL,
    }
