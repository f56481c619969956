"""The door to people's mailboxes."""

from okplatform.kernel.gateways import mail
from payments.gateways import GatewayError


def deliver(*, address: str, subject: str, body: str) -> None:
    """Hand one letter to the mail server; raises ``GatewayError`` where it did not take it."""
    try:
        mail.deliver(address=address, subject=subject, body=body)
    except mail.MailError as error:
        raise GatewayError(str(error)) from error
