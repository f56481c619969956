"""The door to people's mailboxes, by Django's mail backend (``EMAIL_URL``)."""

from collections.abc import Sequence
from dataclasses import dataclass
from smtplib import SMTPException

from django.core.mail import EmailMessage

from okplatform.kernel.db import durable


class MailError(Exception):
    """The mail server did not take a letter."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a letter."""

    name: str
    content: bytes
    media_type: str


@durable
def deliver(
    *, address: str, subject: str, body: str, attachments: Sequence[Attachment] = ()
) -> None:
    """Hand one letter to the mail server; raises ``MailError`` where it did not take it."""
    files = [(one.name, one.content, one.media_type) for one in attachments]
    try:
        EmailMessage(subject=subject, body=body, to=[address], attachments=files).send()
    except (SMTPException, OSError) as error:
        raise MailError(str(error)) from error
