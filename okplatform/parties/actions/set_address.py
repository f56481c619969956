"""Keep where a merchant is: what an electronic invoice must say of its buyer."""

import re

from django.utils.translation import gettext_lazy as _

from okplatform.kernel import audit
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction
from okplatform.kernel.errors import Refusal
from okplatform.parties.models import Merchant

COUNTRY = re.compile(r"[A-Z]{2}")


class AddressIncomplete(Refusal):
    """An address has a street with its number, a postal code, a city and a country."""

    code = "address_incomplete"
    status = 422
    sentence = _("Fill in the street with its number, the postal code, the city and the country.")


def set_address(
    *, merchant_id: int, street: str, postal_code: str, city: str, country: str, actor: Actor
) -> None:
    """Keep a merchant's postal address; ``country`` by ISO 3166-1 ("NL").

    Raises ``AddressIncomplete``, having kept nothing.
    """
    lines = {"street": street, "postal_code": postal_code, "city": city}
    address = {name: " ".join(line.split()) for name, line in lines.items()}
    code = country.strip().upper()
    if not all(address.values()) or not COUNTRY.fullmatch(code):
        raise AddressIncomplete
    with transaction():
        Merchant.objects.filter(pk=merchant_id).update(**address, country=code)
        audit.record(
            actor=actor,
            action="merchant_address_set",
            object_type="merchant",
            object_id=merchant_id,
            merchant_id=merchant_id,
            data={**address, "country": code},
        )
