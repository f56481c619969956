"""Make a key for a till or a webshop to sign in with."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from okplatform.kernel import audit, db
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction_required
from okplatform.kernel.errors import Refusal
from okplatform.parties import api_keys
from okplatform.parties.actions.key_refusals import PartnerNotGranted
from okplatform.parties.actions.refusals import NotOfThisMerchant
from okplatform.parties.integrity import refusing
from okplatform.parties.models import ApiKey
from okplatform.parties.scopes import TILL_SCOPES


class OnlyTestKeysMakeCodes(Refusal):
    """Codes for test people are made with test keys."""

    code = "test_codes_in_test_only"
    status = 422
    sentence = _("Only a test key may make test codes.")


class KeyMadeAlready(Refusal):
    """There is a key with this prefix: the form was sent twice, and a key is shown once."""

    code = "key_made_already"
    sentence = _("This key is there already. It was shown once, when it was made.")


REFUSALS = {
    "api_key_by_prefix": KeyMadeAlready,
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
    prefix: str | None = None,
) -> IssuedKey:
    """Issue a key, held to one store or terminal where given; a refund scope is asked for by name.

    Under a ``prefix`` that is given, once. Raises ``NotOfThisMerchant``, ``PartnerNotGranted``,
    ``OnlyTestKeysMakeCodes`` or ``KeyMadeAlready``.
    """
    with refusing(REFUSALS), db.transaction():
        return write_key(
            action="api_key_issued",
            actor=actor,
            prefix=prefix or api_keys.new_prefix(),
            merchant_id=merchant_id,
            store_id=store_id,
            terminal_id=terminal_id,
            partner_id=partner_id,
            mode=mode,
            name=name,
            scopes=sorted(str(scope) for scope in scopes),
            created_at=now,
        )


@transaction_required
def write_key(*, action: str, actor: Actor, prefix: str, **fields: Any) -> IssuedKey:
    """Write a key and who made it, as a part of issuing or rotating."""
    text = api_keys.new_key(mode=fields["mode"], prefix=prefix)
    key: ApiKey = ApiKey.objects.create(
        prefix=prefix,
        digest=api_keys.digest(text, settings.OK_API_KEY_PEPPER),
        made_by=f"{actor.kind}:{actor.id}",
        **fields,
    )
    audit.record(
        actor=actor,
        action=action,
        object_type="api_key",
        object_id=key.pk,
        merchant_id=key.merchant_id,
        mode=key.mode,
        data={"name": key.name, "scopes": key.scopes},
    )
    return IssuedKey(id=key.pk, text=text)
