"""The door to our bank's Verification of Payee: whether this is the name on that account.

The answers are those of the European Payments Council's scheme (EPC218-23): the payee's bank
compares, not we. What goes over the wire is the request and response of its inter-PSP interface
(EPC103-24) as far as we need it: a name and an IBAN; MTCH, CMTC with the name, NMTC or NOAP.
"""

import json
from dataclasses import dataclass
from http import HTTPStatus
from typing import Protocol
from uuid import uuid4

from django.conf import settings
from typing_extensions import override

from payments.gateways import GatewayError
from payments.gateways.http import call
from payments.models import NameCheck

TIMEOUT_SECONDS = 5
"""The scheme's own limit for an answer; nobody waits longer to add an account."""
ANSWERS = {
    "MTCH": NameCheck.MATCH,
    "CMTC": NameCheck.CLOSE,
    "NMTC": NameCheck.NO_MATCH,
    "NOAP": NameCheck.NOT_AVAILABLE,
}
LONGEST_NAME = 70


@dataclass(frozen=True, slots=True)
class NameAnswer:
    """What the bank says; a close match tells the ``name`` on the account."""

    result: NameCheck
    name: str = ""


class PayeeNames(Protocol):
    """Who can say whether a name is that of an account; never asked inside a transaction."""

    def check(self, *, iban: str, name: str) -> NameAnswer:
        """Ask; whoever cannot say answers ``not_available``, and raises nothing."""


class NoPayeeNames(PayeeNames):
    """Where no bank is asked: nobody can say."""

    @override
    def check(self, *, iban: str, name: str) -> NameAnswer:
        """Answer that it is not available."""
        return NameAnswer(NameCheck.NOT_AVAILABLE)


class BankPayeeNames(PayeeNames):
    """The interface at ``url``."""

    def __init__(self, url: str) -> None:
        """Remember where it is; nothing is called yet."""
        self._url = url

    @override
    def check(self, *, iban: str, name: str) -> NameAnswer:
        """Ask the bank; no answer, or one that is not as agreed, is ``not_available``."""
        body = json.dumps({"party": {"name": name}, "partyAccount": {"iban": iban}}).encode()
        headers = {"Content-Type": "application/json", "X-Request-ID": str(uuid4())}
        try:
            answer = call("POST", self._url, headers=headers, body=body, timeout=TIMEOUT_SECONDS)
        except GatewayError:
            return NameAnswer(NameCheck.NOT_AVAILABLE)
        return _read(answer.status, answer.body)


def payee_names() -> PayeeNames:
    """Return whom the settings say we ask: ``OK_PAYEE_NAMES_URL``, or nobody."""
    url = settings.OK_PAYEE_NAMES_URL
    return BankPayeeNames(url) if url else NoPayeeNames()


def _read(status: int, body: bytes) -> NameAnswer:
    try:
        told: dict[str, str] = json.loads(body) if status == HTTPStatus.OK else {}
        result = ANSWERS[told["partyNameMatch"]]
        name = told["matchedName"] if result is NameCheck.CLOSE else ""
    except (ValueError, LookupError, TypeError):
        return NameAnswer(NameCheck.NOT_AVAILABLE)
    return NameAnswer(result, str(name)[:LONGEST_NAME])
