"""Name a chain's own loyalty system, change how it is asked, or ask it no longer."""

import secrets
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from loyalty.actions.rulebook import raise_version
from loyalty.models import LIMITS_MS, Connector
from okplatform.kernel import audit
from okplatform.kernel.addresses import may_be_named
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction, transaction_required
from okplatform.kernel.errors import Refusal
from okplatform.kernel.standard_webhooks import new_secret
from okplatform.kernel.tenancy import merchant_scope
from payments.secrets import locked

SALT_BYTES = 32


class ConnectorAddressNotAllowed(Refusal):
    """The address is not https, or not a public one."""

    code = "connector_address_not_allowed"
    status = 422
    sentence = _("Give an address that begins with https:// and that the internet can reach.")


class ConnectorLimitNotAllowed(Refusal):
    """The time limit is too short to answer in, or too long for a till to wait."""

    code = "connector_limit_not_allowed"
    status = 422
    sentence = _("Give a time limit from {least} to {most} milliseconds.")


class ConnectorUnknown(Refusal):
    """This merchant has named no other system."""

    code = "connector_unknown"
    status = 404
    sentence = _("You have not named a loyalty system yet.")


def put_connector(
    *,
    merchant_id: int,
    mode: str,
    name: str,
    url: str,
    limit_ms: int,
    now: datetime,
    actor: Actor,
) -> str | None:
    """Ask this system from the next scan on; return its secret where it is new, shown only now.

    An address that changes gets a new secret: the old one is known elsewhere. Members keep their
    pseudonyms. Raises ``ConnectorAddressNotAllowed`` or ``ConnectorLimitNotAllowed``.
    """
    if not may_be_named(url, loopback=settings.OK_WEBHOOK_LOOPBACK):
        raise ConnectorAddressNotAllowed
    if not LIMITS_MS[0] <= limit_ms <= LIMITS_MS[1]:
        raise ConnectorLimitNotAllowed(least=LIMITS_MS[0], most=LIMITS_MS[1])
    with transaction(), merchant_scope(merchant_id):
        # First, as every change of the rules does: it is what two at once wait for.
        version = raise_version(merchant_id=merchant_id, now=now)
        found = Connector.objects.filter(mode=mode).first()
        connector = found or Connector(
            merchant_id=merchant_id, mode=mode, salt=secrets.token_bytes(SALT_BYTES)
        )
        secret = None if connector.url == url else new_secret()
        if secret is not None:
            connector.secret = locked(secret)
        connector.name, connector.url, connector.limit_ms = name, url, limit_ms
        _put(connector, version=version, is_on=True, now=now, actor=actor)
    return secret


def stop_connector(*, merchant_id: int, mode: str, now: datetime, actor: Actor) -> None:
    """Ask and tell it no longer; raises ``ConnectorUnknown``."""
    with transaction(), merchant_scope(merchant_id):
        version = raise_version(merchant_id=merchant_id, now=now)
        connector = Connector.objects.filter(mode=mode).first()
        if connector is None:
            raise ConnectorUnknown
        _put(connector, version=version, is_on=False, now=now, actor=actor)


@transaction_required
def _put(connector: Connector, *, version: int, is_on: bool, now: datetime, actor: Actor) -> None:
    connector.is_on, connector.changed_at = is_on, now
    connector.failures, connector.rests_until, connector.last_error = 0, None, ""
    connector.save()
    audit.record(
        actor=actor,
        action="connector_put",
        object_type="connector",
        object_id=connector.pk,
        merchant_id=connector.merchant_id,
        mode=connector.mode,
        data={
            "version": version,
            "name": connector.name,
            "url": connector.url,
            "limit_ms": connector.limit_ms,
            "is_on": is_on,
        },
    )
