"""What may stand in the fields of a card: read from whoever sends them, refused with a sentence."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from okplatform.kernel.errors import Refusal
from wallet.models.card import COLOUR, DIGEST, MOST_GROUPS, ONE_LINE, UNIT
from wallet.symbologies import ENCODINGS, SYMBOLOGIES, Unfit, check_digit, encoding_for, unfit

LONGEST_TEXT = {"name": 80, "issuer": 80, "programme": 40, "number": 80, "note": 2_000}
LONGEST_GROUP = 40
NOT_IN_A_NOTE = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")


class CardFieldUnknown(Refusal):
    """A card has no such field, or the value is of another kind."""

    code = "card_field_malformed"
    status = 422
    sentence = _("“{field}” is not filled in as a card needs it. Nothing was changed.")


class CardUnnamed(Refusal):
    """Without a name nobody finds the card again."""

    code = "card_unnamed"
    status = 422
    sentence = _("Give the card a name, such as that of the shop.")


class CardTextTooLong(Refusal):
    """More than there is room for."""

    code = "card_text_too_long"
    status = 422
    sentence = _("That is too long: there is room for {longest} characters.")


class CardTextControls(Refusal):
    """Characters that cannot be seen, in a text that people read."""

    code = "card_text_controls"
    status = 422
    sentence = _("There are invisible characters in this text. Type it over by hand.")


class PayloadUnfit(Refusal):
    """The symbology cannot carry this code; the facts say what it can."""

    code = "card_code_unfit"
    status = 422
    sentence = _("This kind of barcode cannot hold this code. Choose another kind.")


class PayloadCharacters(PayloadUnfit):
    """It holds characters that this symbology does not have."""

    code = "card_code_characters"
    sentence = _("{label} cannot hold these characters. Check the code, or choose another kind.")


class PayloadLength(PayloadUnfit):
    """Too short or too long."""

    code = "card_code_length"
    sentence = _("{label} needs {lengths} characters; this code has {length}.")


class PayloadOdd(PayloadUnfit):
    """Pairs of digits only."""

    code = "card_code_odd"
    sentence = _("{label} holds digits in pairs: one is missing, often a 0 in front.")


class PayloadCheckDigit(PayloadUnfit):
    """The last digit is not the one that follows from the others."""

    code = "card_code_check_digit"
    sentence = _("A digit is wrong: after these digits the last one is {digit}. Check the card.")


def checked(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of an edit as they are kept; raises a refusal of this module.

    Dates are ISO 8601, ``barcode`` is null or an object of ``symbology`` and ``payload``
    (``encoding`` is optional), ``groups`` says for each group whether the card is in it, photos are
    digests.
    """
    unknown = fields.keys() - READERS.keys()
    if unknown or not fields:
        raise CardFieldUnknown(field=", ".join(sorted(unknown)) or "fields")
    return {name: READERS[name](name, value) for name, value in fields.items()}


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise CardFieldUnknown(field=name)
    text = value.replace("\r\n", "\n").strip()
    if name == "name" and not text:
        raise CardUnnamed
    longest = LONGEST_TEXT[name]
    if len(text) > longest:
        raise CardTextTooLong(longest=longest)
    if NOT_IN_A_NOTE.search(text) or (name != "note" and "\n" in text):
        raise CardTextControls
    return text


def _flag(name: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise CardFieldUnknown(field=name)
    return value


def _day(name: str, value: Any) -> str | None:
    if value is None:
        return None
    try:
        return date.fromisoformat(value).isoformat()
    except (TypeError, ValueError) as error:
        raise CardFieldUnknown(field=name) from error


def _matching(pattern: str, *, optional: bool = False) -> Callable[[str, Any], str | None]:
    def read(name: str, value: Any) -> str | None:
        if value is None and optional:
            return None
        if not isinstance(value, str) or not re.fullmatch(pattern, value):
            raise CardFieldUnknown(field=name)
        return value

    return read


def _groups(name: str, value: Any) -> dict[str, bool]:
    if not isinstance(value, dict) or not 0 < len(value) <= MOST_GROUPS:
        raise CardFieldUnknown(field=name)
    for group, is_in in value.items():
        fits = group == group.strip() and 0 < len(group) <= LONGEST_GROUP
        if not fits or "\x00" in group or not re.fullmatch(ONE_LINE, group):
            raise CardTextControls
        _flag(name, is_in)
    return value


def _barcode(name: str, value: Any) -> dict[str, str] | None:
    if value is None:
        return None
    if not isinstance(value, dict) or value.keys() - {"symbology", "payload", "encoding"}:
        raise CardFieldUnknown(field=name)
    return checked_barcode(value.get("symbology"), value.get("payload"), value.get("encoding"))


def checked_barcode(symbology: Any, payload: Any, encoding: Any = None) -> dict[str, str]:
    """Return a barcode as it is kept, in the encoding it fits in; raises ``PayloadUnfit``."""
    if symbology not in SYMBOLOGIES or not isinstance(payload, str):
        raise CardFieldUnknown(field="symbology")
    encoding = encoding or encoding_for(payload)
    if encoding not in ENCODINGS:
        raise CardFieldUnknown(field="encoding")
    known = SYMBOLOGIES[symbology]
    reason = unfit(known, payload, encoding)
    if reason is not None:
        raise _REFUSALS[reason](
            label=known.label,
            length=len(payload),
            lengths=_lengths(known.lengths, known.shortest, known.longest),
            digit=check_digit(known, payload) if reason is Unfit.CHECK_DIGIT else "",
        )
    return {"symbology": symbology, "payload": payload, "encoding": encoding}


def _lengths(only: tuple[int, ...], shortest: int, longest: int) -> str:
    return " / ".join(map(str, only)) if only else f"{shortest}-{longest}"


_REFUSALS: Mapping[Unfit, type[PayloadUnfit]] = {
    Unfit.EMPTY: PayloadLength,
    Unfit.LENGTH: PayloadLength,
    Unfit.TOO_LONG: PayloadLength,
    Unfit.CHARACTERS: PayloadCharacters,
    Unfit.EVEN: PayloadOdd,
    Unfit.CHECK_DIGIT: PayloadCheckDigit,
}
_photo = _matching(DIGEST, optional=True)
READERS: Mapping[str, Callable[[str, Any], Any]] = {
    **dict.fromkeys(LONGEST_TEXT, _text),
    **dict.fromkeys(("starred", "archived", "removed"), _flag),
    **dict.fromkeys(("valid_from", "expires_on"), _day),
    **dict.fromkeys(("front", "back", "logo"), _photo),
    "barcode": _barcode,
    "colour": _matching(COLOUR),
    "groups": _groups,
    "unit": _matching(UNIT),
}
"""Every field that an edit may name, and who reads it."""
