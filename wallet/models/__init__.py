"""The person's side: phones, codes, cards, consents, looks, what they told, receipts, notices."""

from wallet.models.about import (
    Allergen,
    Birthday,
    ContactDetails,
    Declaration,
    DeclarationKind,
    Preference,
)
from wallet.models.card import Card, CardBalanceChange, CardChange, CardPhoto, CardShelf
from wallet.models.card_import import CardImport, CardImportPhoto, ImportSource
from wallet.models.card_share import CardInvitation, CardShare, EndedBy, ShareLevel
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
from wallet.models.push import (
    PushDelivery,
    PushDeliveryState,
    PushKind,
    PushNotice,
    PushSettings,
    PushSubscription,
)
from wallet.models.receipt import Receipt
from wallet.models.receipt_letter import AskedBy, ReceiptLetter, ReceiptLetterState
from wallet.models.warranty import Warranty

__all__ = [
    "PROOF",
    "Allergen",
    "AskedBy",
    "Attestation",
    "AttestationRequest",
    "Birthday",
    "BrandClaim",
    "BrandClaimState",
    "Card",
    "CardBalanceChange",
    "CardChange",
    "CardImport",
    "CardImportPhoto",
    "CardInvitation",
    "CardPhoto",
    "CardShare",
    "CardShelf",
    "Claim",
    "Consent",
    "ConsentWording",
    "ContactDetails",
    "Declaration",
    "DeclarationKind",
    "Device",
    "Disclosure",
    "EndedBy",
    "Fact",
    "GuessWindow",
    "Handle",
    "ImportSource",
    "LiveCard",
    "Preference",
    "PresencePin",
    "ProofOffer",
    "Purpose",
    "PushDelivery",
    "PushDeliveryState",
    "PushKind",
    "PushNotice",
    "PushSettings",
    "PushSubscription",
    "Receipt",
    "ReceiptLetter",
    "ReceiptLetterState",
    "ShareLevel",
    "Warranty",
    "Why",
]
