"""The retailer's own tables."""

from merchants.models.certificate import Certificate, CertificateStep
from merchants.models.live_figure import LiveFigure
from merchants.models.offline import BookedAs, OfflineAllowance, OfflineKey, OfflineSale
from merchants.models.online_payment import CaptureMode, OnlinePayment
from merchants.models.payment_link import PaymentLink
from merchants.models.sandbox import Sandbox
from merchants.models.shift import Shift
from merchants.models.training import TrainingRun, TrainingScenario
from merchants.models.webhook import DeliveryState, DisabledBy, WebhookDelivery, WebhookEndpoint

__all__ = [
    "BookedAs",
    "CaptureMode",
    "Certificate",
    "CertificateStep",
    "DeliveryState",
    "DisabledBy",
    "LiveFigure",
    "OfflineAllowance",
    "OfflineKey",
    "OfflineSale",
    "OnlinePayment",
    "PaymentLink",
    "Sandbox",
    "Shift",
    "TrainingRun",
    "TrainingScenario",
    "WebhookDelivery",
    "WebhookEndpoint",
]
