"""Let a person choose the PIN that confirms payments."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from okplatform.kernel import audit
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import durable, transaction
from okplatform.kernel.errors import Refusal
from wallet import pins
from wallet.models import PresencePin


class PinMalformed(Refusal):
    """It is not 4 to 8 digits."""

    code = "pin_malformed"
    status = 422
    sentence = _("A PIN has 4 to 8 digits. Nothing was changed.")


class PinEasy(Refusal):
    """Anybody would try this one first."""

    code = "pin_easy"
    status = 422
    sentence = _("That PIN is easy to guess. Choose another one.")


@durable
def set_pin(*, person_id: int, pin: str, now: datetime, actor: Actor) -> None:
    """Set or replace a person's PIN; a locked one works again.

    Raises ``PinMalformed`` or ``PinEasy``. The caller has made sure, a moment ago and by
    a password or passkey, that it is that person. Outside a transaction:
    hashing takes long.
    """
    if not pins.is_pin(pin):
        raise PinMalformed
    if pins.is_easy(pin):
        raise PinEasy
    secret_hash = pins.hash_pin(person_id=person_id, pin=pin)
    with transaction():
        PresencePin.objects.update_or_create(
            person_id=person_id,
            defaults={"secret_hash": secret_hash, "tries": 0, "set_at": now, "tried_at": None},
        )
        audit.record(actor=actor, action="pin_set", object_type="person", object_id=person_id)
