"""The door to people's mailboxes."""

from smtplib import SMTPException

from django.core.mail import EmailMessage

from okplatform.kernel.db import durable
from payments.gateways import GatewayError


@durable
def deliver(*, address: str, subject: str, body: str) -> None:
    """Hand one letter to the mail server; raises ``GatewayError`` where it did not take it."""
    try:
        EmailMessage(subject=subject, body=body, to=[address]).send()
    except (SMTPException, OSError) as error:
        raise GatewayError(str(error)) from error
