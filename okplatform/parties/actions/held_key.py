"""What the actions on one key share: the key, held by its row, and what they write down."""

from django.utils.translation import gettext_lazy as _

from okplatform.kernel import audit
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction_required
from okplatform.kernel.errors import Refusal
from okplatform.parties.models import ApiKey


class KeyUnknown(Refusal):
    """The merchant has no such key."""

    code = "key_unknown"
    status = 404
    sentence = _("There is no such key.")


class KeyOver(Refusal):
    """The key was revoked, or another one has taken its place."""

    code = "key_over"
    sentence = _("This key was revoked, or another one has taken its place.")


@transaction_required
def held_key(key_id: int) -> ApiKey:
    """Return the merchant's key, whose row nobody else changes until the transaction ends.

    Raises ``KeyUnknown``, and ``KeyOver`` for one that was revoked or rotated.
    """
    key: ApiKey | None = ApiKey.objects.select_for_update().filter(pk=key_id).first()
    if key is None:
        raise KeyUnknown
    if key.revoked_at is not None or key.rotated_at is not None:
        raise KeyOver
    return key


@transaction_required
def record(action: str, key: ApiKey, *, actor: Actor, **data: object) -> None:
    """Write down who did what to a key."""
    audit.record(
        actor=actor,
        action=action,
        object_type="api_key",
        object_id=key.pk,
        merchant_id=key.merchant_id,
        mode=key.mode,
        data=data,
    )
