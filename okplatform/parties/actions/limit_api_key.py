"""Say from where a key may be used, how often, and how much it may give back."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction
from okplatform.kernel.errors import Refusal
from okplatform.kernel.tenancy import merchant_scope
from okplatform.parties import networks as nets
from okplatform.parties.actions.held_key import held_key, record


class TooManyNetworks(Refusal):
    """More networks than are looked through at every call."""

    code = "too_many_networks"
    status = 422
    sentence = _("A key may have {most} networks at most.")


def limit_api_key(
    *,
    merchant_id: int,
    key_id: int,
    networks: Sequence[str],
    calls_per_minute: int | None,
    refunds_a_day: int | None,
    refunds_a_reference: int | None,
    actor: Actor,
) -> None:
    """Keep the limits of a key; they hold for its next call. None and no networks are no limit.

    ``networks`` are as ``parties.networks.read`` returns them, amounts in minor units. Raises
    ``KeyUnknown``, ``KeyOver`` or ``TooManyNetworks``.
    """
    if len(networks) > nets.MOST:
        raise TooManyNetworks(most=nets.MOST)
    said = {
        "networks": list(networks),
        "calls_per_minute": calls_per_minute,
        "refunds_a_day": refunds_a_day,
        "refunds_a_reference": refunds_a_reference,
    }
    with merchant_scope(merchant_id), transaction():
        key = held_key(key_id)
        before = {name: getattr(key, name) for name in said}
        if before == said:
            return
        for name, value in said.items():
            setattr(key, name, value)
        key.save(update_fields=list(said))
        record("api_key_limited", key, actor=actor, before=before, after=said)
