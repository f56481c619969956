"""The person's side: phones and codes, consents and who looked, what they told, receipts, PIN."""

from wallet.models.about import (
    Allergen,
    ContactDetails,
    Declaration,
    DeclarationKind,
    Preference,
)
from wallet.models.consent import (
    PROOF,
    Consent,
    ConsentWording,
    Disclosure,
    Fact,
    Purpose,
    Why,
)
from wallet.models.device import Device, GuessWindow, Handle
from wallet.models.presence import PresencePin
from wallet.models.proof import Attestation, AttestationRequest, Claim, ProofOffer
from wallet.models.receipt import Receipt

__all__ = [
    "PROOF",
    "Allergen",
    "Attestation",
    "AttestationRequest",
    "Claim",
    "Consent",
    "ConsentWording",
    "ContactDetails",
    "Declaration",
    "DeclarationKind",
    "Device",
    "Disclosure",
    "Fact",
    "GuessWindow",
    "Handle",
    "Preference",
    "PresencePin",
    "ProofOffer",
    "Purpose",
    "Receipt",
    "Why",
]
