"""Take on a company that sells."""

import re

from django.utils.translation import gettext_lazy as _
from schwifty import IBAN
from schwifty.exceptions import SchwiftyException
from stdnum.eu import vat

from okplatform.kernel import audit, db
from okplatform.kernel.audit import Actor
from okplatform.kernel.errors import Refusal
from okplatform.parties.actions.refusals import ReferenceTaken
from okplatform.parties.integrity import refusing
from okplatform.parties.models import Language, Merchant
from okplatform.parties.models.merchant import DEFAULT_TIMEZONE


class KvkInvalid(Refusal):
    """A KvK number has 8 digits."""

    code = "kvk_invalid"
    status = 422
    sentence = _("A KvK number has 8 digits. It stands on the extract of the Chamber of Commerce.")


class VatNumberInvalid(Refusal):
    """The VAT number's form or check digits are wrong."""

    code = "vat_number_invalid"
    status = 422
    sentence = _("This VAT number is not right. Check it digit by digit.")


class IbanInvalid(Refusal):
    """The IBAN's form, bank or check digits are wrong."""

    code = "iban_invalid"
    status = 422
    sentence = _("This IBAN is not right. Check it digit by digit.")


def create_merchant(
    *,
    reference: str,
    name: str,
    kvk: str,
    vat_number: str,
    iban: str,
    actor: Actor,
    currency: str = "EUR",
    language: str = Language.DUTCH,
    timezone: str = DEFAULT_TIMEZONE,
) -> Merchant:
    """Make a merchant; its owner's membership, stores and keys come after it.

    Its credit floor starts at 0. Raises ``KvkInvalid``, ``VatNumberInvalid``, ``IbanInvalid`` or
    ``ReferenceTaken``.
    """
    if not re.fullmatch(r"[0-9]{8}", kvk):
        raise KvkInvalid
    if not vat.is_valid(vat_number):
        raise VatNumberInvalid
    with refusing({"parties_merchant_reference_key": ReferenceTaken}), db.transaction():
        merchant = Merchant.objects.create(
            reference=reference,
            name=name,
            kvk=kvk,
            vat_number=vat.compact(vat_number),
            iban=checked_iban(iban),
            currency=currency,
            language=language,
            timezone=timezone,
        )
        audit.record(
            actor=actor,
            action="merchant_created",
            object_type="merchant",
            object_id=merchant.pk,
            merchant_id=merchant.pk,
        )
    return merchant


def checked_iban(text: str) -> str:
    """Return an IBAN without spaces; raises ``IbanInvalid``."""
    try:
        return IBAN(text, validate_bban=True).compact
    except SchwiftyException as error:
        raise IbanInvalid from error
