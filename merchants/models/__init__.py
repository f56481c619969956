"""The retailer's own tables."""

from merchants.models.live_figure import LiveFigure
from merchants.models.webhook import DeliveryState, DisabledBy, WebhookDelivery, WebhookEndpoint

__all__ = ["DeliveryState", "DisabledBy", "LiveFigure", "WebhookDelivery", "WebhookEndpoint"]
