"""Make a key for a till or a webshop to sign in with."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from okplatform.kernel import audit, db
from okplatform.kernel.audit import Actor
from okplatform.kernel.errors import Refusal
from okplatform.parties import api_keys
from okplatform.parties.actions.refusals import NotOfThisMerchant
from okplatform.parties.integrity import refusing
from okplatform.parties.models import ApiKey
from okplatform.parties.scopes import TILL_SCOPES


class PartnerNotGranted(Refusal):
    """The merchant has not allowed this partner."""

    code = "partner_not_granted"
    status = 403
    sentence = _("This merchant has not allowed this till vendor yet.")


class OnlyTestKeysMakeCodes(Refusal):
    """Codes for test people are made with test keys."""

    code = "test_codes_in_test_only"
    status = 422
    sentence = _("Only a test key may make test codes.")


REFUSALS = {
    "api_key_store_of_same_merchant": NotOfThisMerchant,
    "api_key_terminal_of_same_store": NotOfThisMerchant,
    "api_key_partner_has_a_grant": PartnerNotGranted,
    "api_key_test_codes_in_test_only": OnlyTestKeysMakeCodes,
}


@dataclass(frozen=True, slots=True)
class IssuedKey:
    """A new key: ``text`` is its wire form, to be shown once."""

    id: int
    text: str


def issue_api_key(
    *,
    merchant_id: int,
    mode: str,
    name: str,
    actor: Actor,
    now: datetime,
    scopes: Iterable[str] = TILL_SCOPES,
    store_id: int | None = None,
    terminal_id: int | None = None,
    partner_id: int | None = None,
) -> IssuedKey:
    """Issue a key, held to one store or terminal where given; a refund scope is asked for by name.

    Raises ``NotOfThisMerchant``, ``PartnerNotGranted`` or ``OnlyTestKeysMakeCodes``.
    """
    prefix = api_keys.new_prefix()
    text = api_keys.new_key(mode=mode, prefix=prefix)
    held = sorted(str(scope) for scope in scopes)
    with refusing(REFUSALS), db.transaction():
        key: ApiKey = ApiKey.objects.create(
            merchant_id=merchant_id,
            store_id=store_id,
            terminal_id=terminal_id,
            partner_id=partner_id,
            mode=mode,
            name=name,
            prefix=prefix,
            digest=api_keys.digest(text, settings.OK_API_KEY_PEPPER),
            scopes=held,
            created_at=now,
        )
        audit.record(
            actor=actor,
            action="api_key_issued",
            object_type="api_key",
            object_id=key.pk,
            merchant_id=merchant_id,
            mode=mode,
            data={"name": name, "scopes": held},
        )
    return IssuedKey(id=key.pk, text=text)
