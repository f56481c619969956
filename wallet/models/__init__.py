"""The person's side: phones, codes, cards, consents, who looked, what they told, receipts."""

from wallet.models.about import (
    Allergen,
    ContactDetails,
    Declaration,
    DeclarationKind,
    Preference,
)
from wallet.models.card import Card, CardBalanceChange, CardChange, CardPhoto, CardShelf
from wallet.models.card_import import CardImport, CardImportPhoto, ImportSource
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
from wallet.models.live_card import BrandClaim, BrandClaimState, LiveCard
from wallet.models.presence import PresencePin
from wallet.models.proof import Attestation, AttestationRequest, Claim, ProofOffer
from wallet.models.receipt import Receipt
from wallet.models.receipt_letter import AskedBy, ReceiptLetter, ReceiptLetterState
from wallet.models.warranty import Warranty

__all__ = [
    "PROOF",
    "Allergen",
    "AskedBy",
    "Attestation",
    "AttestationRequest",
    "BrandClaim",
    "BrandClaimState",
    "Card",
    "CardBalanceChange",
    "CardChange",
    "CardImport",
    "CardImportPhoto",
    "CardPhoto",
    "CardShelf",
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
    "ImportSource",
    "LiveCard",
    "Preference",
    "PresencePin",
    "ProofOffer",
    "Purpose",
    "Receipt",
    "ReceiptLetter",
    "ReceiptLetterState",
    "Warranty",
    "Why",
]
