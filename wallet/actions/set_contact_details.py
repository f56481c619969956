"""Let a person tell how to reach them."""

import re
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from okplatform.kernel import audit
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction
from okplatform.kernel.errors import Refusal
from wallet.models import ContactDetails

PHONE = re.compile(r"\+[1-9][0-9]{7,14}")
DUTCH_TRUNK = re.compile(r"0(?=[1-9])")


class PhoneMalformed(Refusal):
    """It cannot be dialled."""

    code = "phone_malformed"
    status = 422
    sentence = _("This is no telephone number. Write it like 06 12345678 or +31 6 12345678.")


class AddressIncomplete(Refusal):
    """A part of the address is missing."""

    code = "address_incomplete"
    status = 422
    sentence = _("Fill in street, postal code and town, or leave all three empty.")


def set_contact_details(
    *,
    person_id: int,
    phone: str,
    street: str,
    postal_code: str,
    city: str,
    now: datetime,
    actor: Actor,
) -> None:
    """Replace what was told before; all empty forgets it.

    Raises ``PhoneMalformed`` and ``AddressIncomplete``. The audit says that it changed, not what.
    """
    told = {"street": street.strip(), "postal_code": postal_code.strip(), "city": city.strip()}
    if any(told.values()) and not all(told.values()):
        raise AddressIncomplete
    told["phone"] = _e164(phone)
    with transaction():
        if any(told.values()):
            ContactDetails.objects.update_or_create(
                person_id=person_id, defaults={**told, "changed_at": now}
            )
        else:
            ContactDetails.objects.filter(person_id=person_id).delete()
        audit.record(
            actor=actor,
            action="contact_details_set",
            object_type="person",
            object_id=person_id,
        )


def _e164(typed: str) -> str:
    """Return a number as E.164; one without a country is Dutch."""
    digits = re.sub(r"[\s().-]", "", typed)
    if not digits:
        return ""
    if digits.startswith("00"):
        digits = f"+{digits[2:]}"
    number = DUTCH_TRUNK.sub("+31", digits, count=1) if digits.startswith("0") else digits
    if not PHONE.fullmatch(number):
        raise PhoneMalformed
    return number
