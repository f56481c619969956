"""The person's side: phones and their codes, cards, consents and who looked, receipts, the PIN."""

from wallet.models.card import Card, CardBalanceChange, CardChange, CardPhoto, CardShelf
from wallet.models.consent import Consent, Disclosure, Fact, Purpose
from wallet.models.device import Device, GuessWindow, Handle
from wallet.models.presence import PresencePin
from wallet.models.receipt import Receipt

__all__ = [
    "Card",
    "CardBalanceChange",
    "CardChange",
    "CardPhoto",
    "CardShelf",
    "Consent",
    "Device",
    "Disclosure",
    "Fact",
    "GuessWindow",
    "Handle",
    "PresencePin",
    "Purpose",
    "Receipt",
]
