"""The retailer's own tables."""

from merchants.models.live_figure import LiveFigure
from merchants.models.online_payment import CaptureMode, OnlinePayment
from merchants.models.payment_link import PaymentLink
from merchants.models.webhook import DeliveryState, DisabledBy, WebhookDelivery, WebhookEndpoint

__all__ = [
    "CaptureMode",
    "DeliveryState",
    "DisabledBy",
    "LiveFigure",
    "OnlinePayment",
    "PaymentLink",
    "WebhookDelivery",
    "WebhookEndpoint",
]
