"""The retailer's own tables."""

from merchants.models.live_figure import LiveFigure
from merchants.models.online_payment import CaptureMode, OnlinePayment
from merchants.models.payment_link import PaymentLink

__all__ = ["CaptureMode", "LiveFigure", "OnlinePayment", "PaymentLink"]
