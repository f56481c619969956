"""Where shoppers pay: what a QR code, a letter or a chat holds."""

from django.conf import settings
from django.urls import reverse

from merchants.models import OnlinePayment, PaymentLink


def page_of(payment: OnlinePayment) -> str:
    """Return the address of a payment's page."""
    return f"{settings.BASE_URL}{reverse('merchants:pay', args=[payment.token])}"


def page_of_link(link: PaymentLink) -> str:
    """Return the address of a payment link."""
    return f"{settings.BASE_URL}{reverse('merchants:pay-link', args=[link.token])}"
