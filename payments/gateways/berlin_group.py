"""Instant payments through a bank's PSD2 interface: NextGenPSD2 1.3.11 of the Berlin Group (PIS).

``POST /v1/payments/instant-sepa-credit-transfers`` asks for one, the person approves it on a page
of the bank (redirect approach), ``GET …/{paymentId}/status`` says where it stands.
"""

import json
from email.utils import format_datetime
from http import HTTPStatus
from typing import Any, Self
from urllib.parse import quote, urljoin, urlsplit
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from typing_extensions import override

from okplatform.kernel import clock
from payments.bankfiles.fields import written
from payments.chart import EUR
from payments.gateways import GatewayError
from payments.gateways.http import Answer, call
from payments.gateways.initiation import (
    Initiated,
    InitiationGateway,
    InitiationRefusedError,
    Wanted,
)
from payments.gateways.signing import Seal

PRODUCT = "/v1/payments/instant-sepa-credit-transfers"
# A 4xx says no, but for these: they say not now, so nobody knows what comes of it.
NOT_NOW = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.CONFLICT, HTTPStatus.TOO_MANY_REQUESTS}


def is_offered() -> bool:
    """Say whether there is a bank at which one can pay at once."""
    return bool(settings.OK_PIS_URL)


class BerlinGroup(InitiationGateway):
    """One bank's interface at ``root``; requests bear our ``seal``."""

    def __init__(self, root: str, seal: Seal) -> None:
        """Remember where it is; nothing is called yet."""
        self._root = root
        self._seal = seal

    @classmethod
    def configured(cls) -> Self:
        """Return the bank of the settings; raises ``ImproperlyConfigured`` where they lack it."""
        try:
            seal = Seal.read(key=settings.OK_PIS_KEY, certificate=settings.OK_PIS_CERTIFICATE)
        except ValueError as error:
            message = "OK_PIS_URL asks for OK_PIS_KEY and OK_PIS_CERTIFICATE, both PEM."
            raise ImproperlyConfigured(message) from error
        return cls(settings.OK_PIS_URL, seal)

    @override
    def initiate(self, wanted: Wanted) -> Initiated:
        """Ask for a payment; see ``InitiationGateway``."""
        body = json.dumps(
            {
                "endToEndIdentification": wanted.end_to_end_id,
                "debtorAccount": {"iban": wanted.debtor_iban},
                "instructedAmount": {
                    "currency": EUR,
                    "amount": written(wanted.amount, currency=EUR),
                },
                "creditorAccount": {"iban": wanted.creditor_iban},
                "creditorName": wanted.creditor_name,
                "remittanceInformationUnstructured": wanted.text,
            }
        ).encode()
        headers = {
            "X-Request-ID": str(wanted.request_id),
            "Content-Type": "application/json",
            "PSU-IP-Address": wanted.psu_ip,
            "TPP-Redirect-Preferred": "true",
            "TPP-Redirect-URI": wanted.return_url,
            "TPP-Nok-Redirect-URI": wanted.return_url,
        }
        answer = self._call("POST", PRODUCT, headers, body)
        if answer.status != HTTPStatus.CREATED:
            raise _refusal(answer)
        told = _read(answer)
        try:
            return Initiated(
                payment_id=_text(told["paymentId"]),
                status=_text(told["transactionStatus"]),
                approval_url=self._approval_url(_text(told["_links"]["scaRedirect"]["href"])),
            )
        except (KeyError, TypeError) as error:
            message = f"The bank's answer to an initiation lacks {error}."
            raise GatewayError(message) from error

    @override
    def status(self, payment_id: str) -> str:
        """Return where a payment stands; see ``InitiationGateway``."""
        path = f"{PRODUCT}/{quote(payment_id, safe='')}/status"
        answer = self._call("GET", path, {"X-Request-ID": str(uuid4())}, b"")
        if answer.status != HTTPStatus.OK:
            message = f"The bank answered {answer.status} when asked after a payment."
            raise GatewayError(message)
        try:
            return _text(_read(answer)["transactionStatus"])
        except (KeyError, TypeError) as error:
            message = f"The bank's answer about a payment lacks {error}."
            raise GatewayError(message) from error

    def _call(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Answer:
        given = {
            **headers,
            "Accept": "application/json",
            "Date": format_datetime(clock.now(), usegmt=True),
        }
        url = urljoin(self._root, path)
        sealed = self._seal.headers(given, body)
        answer: Answer = call(method, url, headers=sealed, body=body)
        return answer

    def _approval_url(self, link: str) -> str:
        """Return where the person is sent: a page on the web, not whatever a bank may write."""
        url = urljoin(self._root, link)
        if urlsplit(url).scheme not in {"http", "https"}:
            message = "The bank's link for approval is no address of a page."
            raise GatewayError(message)
        return url


def _refusal(answer: Answer) -> Exception:
    """Return what a bank's answer that is not "created" means: no, or nobody knows."""
    is_no = 400 <= answer.status < 500 and answer.status not in NOT_NOW
    message = f"The bank answered {answer.status} to an initiation"
    if not is_no:
        return GatewayError(message)
    try:
        code = _text(_read(answer)["tppMessages"][0]["code"])
    except (GatewayError, LookupError, TypeError):
        code = "no code"
    return InitiationRefusedError(f"{message}: {code}")


def _read(answer: Answer) -> dict[str, Any]:
    try:
        told = json.loads(answer.body)
    except ValueError as error:
        message = "The bank's answer is no JSON."
        raise GatewayError(message) from error
    if not isinstance(told, dict):
        message = "The bank's answer is no object."
        raise GatewayError(message)
    return told


def _text(value: object) -> str:
    """Return a text that is there; anything else is no answer as agreed."""
    if not isinstance(value, str) or not value:
        message = f"a text, not {value!r}"
        raise TypeError(message)
    return value
