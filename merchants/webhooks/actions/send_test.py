"""Let a merchant see whether its server hears us."""

from datetime import datetime
from uuid import UUID, uuid4

from merchants.models import WebhookDelivery
from merchants.webhooks.actions.plan_deliveries import body_of
from merchants.webhooks.held import held_endpoint, record
from merchants.webhooks.schedule import give_up_at
from merchants.webhooks.vocabulary import TEST
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import call, transaction
from okplatform.kernel.tenancy import merchant_scope

NEXT_PLACE = "SELECT nextval('merchants_webhook_place')"


def send_test(*, merchant_id: int, uuid: UUID, now: datetime, actor: Actor) -> None:
    """Plan a test event: sent once, before whatever waits; answered, it closes the breaker.

    One that has not gone yet is enough. Raises ``EndpointUnknown`` or ``EndpointDisabled``.
    """
    with merchant_scope(merchant_id), transaction():
        endpoint = held_endpoint(uuid, enabled=True)
        mine = WebhookDelivery.objects.filter(endpoint_id=endpoint.pk, event=None)
        if mine.filter(ended_at=None).exists():
            return
        data = {"endpoint": str(endpoint.uuid)}
        WebhookDelivery.objects.create(
            endpoint_id=endpoint.pk,
            merchant_id=merchant_id,
            mode=endpoint.mode,
            type=TEST,
            message=uuid4(),
            body=body_of(type_=TEST, version=1, at=now, mode=endpoint.mode, data=data),
            place=call(NEXT_PLACE)[0][0],
            created_at=now,
            give_up_at=give_up_at(now),
        )
        record("webhook_test_sent", endpoint, actor=actor)
