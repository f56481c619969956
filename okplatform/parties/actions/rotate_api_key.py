"""Let a new key take the place of one that is in use."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction
from okplatform.kernel.errors import Refusal
from okplatform.kernel.tenancy import merchant_scope
from okplatform.parties import api_keys
from okplatform.parties.actions.held_key import held_key, record
from okplatform.parties.actions.issue_api_key import REFUSALS, IssuedKey, write_key
from okplatform.parties.integrity import refusing
from okplatform.parties.models import OVERLAP


class OverlapTooLong(Refusal):
    """Both keys would work for more than a week."""

    code = "overlap_too_long"
    status = 422
    sentence = _("The old key may go on working for seven days at most.")


def rotate_api_key(
    *,
    merchant_id: int,
    key_id: int,
    overlap: timedelta,
    now: datetime,
    actor: Actor,
    prefix: str | None = None,
) -> IssuedKey:
    """Return a key that may do the same; the old one ends by itself after the ``overlap``.

    Both share what may be given back a day. Raises ``KeyUnknown``, ``KeyOver``, ``OverlapTooLong``,
    and ``KeyMadeAlready`` where the new prefix is given and taken.
    """
    if not timedelta(0) <= overlap <= OVERLAP:
        raise OverlapTooLong
    with merchant_scope(merchant_id), refusing(REFUSALS), transaction():
        old = held_key(key_id)
        old.rotated_at, old.ends_at = now, now + overlap
        old.save(update_fields=["rotated_at", "ends_at"])
        record("api_key_rotated", old, actor=actor, ends_at=old.ends_at.isoformat())
        return write_key(
            action="api_key_issued",
            actor=actor,
            prefix=prefix or api_keys.new_prefix(),
            merchant_id=merchant_id,
            store_id=old.store_id,
            terminal_id=old.terminal_id,
            partner_id=old.partner_id,
            mode=old.mode,
            name=old.name,
            scopes=old.scopes,
            networks=old.networks,
            calls_per_minute=old.calls_per_minute,
            refunds_a_day=old.refunds_a_day,
            refunds_a_reference=old.refunds_a_reference,
            origin_id=old.origin_id or old.pk,
            created_at=now,
        )
