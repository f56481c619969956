"""Make and take back a till vendor's own key."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from okplatform.kernel import audit, db
from okplatform.kernel.audit import Actor
from okplatform.kernel.errors import Refusal
from okplatform.parties import api_keys
from okplatform.parties.actions.issue_api_key import IssuedKey, OnlyTestKeysMakeCodes
from okplatform.parties.integrity import refusing
from okplatform.parties.models import PartnerKey

REFUSALS = {"partner_key_test_codes_in_test_only": OnlyTestKeysMakeCodes}


class PartnerKeyUnknown(Refusal):
    """There is no such key of a till vendor, or it was revoked already."""

    code = "partner_key_unknown"
    status = 404
    sentence = _("There is no such key of a till vendor, or it was revoked already.")


def issue_partner_key(
    *,
    partner_id: int,
    mode: str,
    name: str,
    scopes: Iterable[str],
    actor: Actor,
    now: datetime,
    networks: Sequence[str] = (),
) -> IssuedKey:
    """Issue a key that acts for each merchant that allows the partner, within what it allows.

    Raises ``OnlyTestKeysMakeCodes``.
    """
    prefix = api_keys.new_prefix()
    text = api_keys.new_key(mode=mode, prefix=prefix)
    with refusing(REFUSALS), db.transaction():
        key = PartnerKey.objects.create(
            partner_id=partner_id,
            mode=mode,
            name=name,
            prefix=prefix,
            digest=api_keys.digest(text, settings.OK_API_KEY_PEPPER),
            scopes=sorted(str(scope) for scope in scopes),
            networks=list(networks),
            created_at=now,
        )
        _record("partner_key_issued", key, actor)
    return IssuedKey(id=key.pk, text=text)


def revoke_partner_key(*, prefix: str, actor: Actor, now: datetime) -> None:
    """Revoke it for good, for all merchants: refused from this moment.

    Raises ``PartnerKeyUnknown``.
    """
    with db.transaction():
        standing = PartnerKey.objects.filter(prefix=prefix, revoked_at=None)
        key = standing.select_for_update().first()
        if key is None:
            raise PartnerKeyUnknown
        key.revoked_at = now
        key.save(update_fields=["revoked_at"])
        _record("partner_key_revoked", key, actor)


def _record(action: str, key: PartnerKey, actor: Actor) -> None:
    audit.record(
        actor=actor,
        action=action,
        object_type="partner_key",
        object_id=key.pk,
        mode=key.mode,
        data={"partner": key.partner_id, "name": key.name, "scopes": key.scopes},
    )
