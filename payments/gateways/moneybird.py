"""Moneybird, by its published API v2 (developer.moneybird.com): statements and purchase invoices.

It knows no idempotency keys, so a call of which we heard nothing is looked up before it is made
again: a purchase invoice by its reference, a statement by the numbers that we gave its mutations
(``account_servicer_transaction_id``).
"""

import json
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import quote, urlsplit

from django.conf import settings
from typing_extensions import override

from okplatform.kernel.db import durable
from payments.bookkeeping.decimals import decimal
from payments.gateways import GatewayError
from payments.gateways.bookkeeper import (
    Bill,
    Bookkeeper,
    DayStatement,
    NotTakenError,
    RefusedError,
)

SECONDS = 20
NOT_NOW = {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}
"""150 calls in five minutes are allowed; what comes after them is not looked at."""
TEXT, LARGEST_ANSWER = 1_000, 4 * 2**20
FIRST_SERVER_ERROR = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Moneybird(Bookkeeper):
    """One administration; the numbers are Moneybird's own."""

    administration: str
    financial_account: str
    contact: str
    tax_rate: str
    token: str = field(repr=False)

    @durable
    @override
    def add_statement(self, statement: DayStatement) -> str:
        """Create a financial statement with all of its mutations; see ``Bookkeeper``."""
        mutations = {
            str(place): {
                "date": statement.day.isoformat(),
                "amount": decimal(mutation.amount),
                "message": mutation.text[:TEXT],
                "batch_reference": mutation.batch,
                "contra_account_number": mutation.contra_iban,
                "account_servicer_transaction_id": mutation.id,
            }
            for place, mutation in enumerate(statement.mutations)
        }
        made = self._ask(
            "POST",
            "financial_statements",
            {
                "financial_statement": {
                    "financial_account_id": self.financial_account,
                    "reference": statement.reference,
                    "official_date": statement.day.isoformat(),
                    "official_balance": decimal(statement.balance),
                    "financial_mutations_attributes": mutations,
                }
            },
        )
        return _id(made, "id")

    @durable
    @override
    def find_statement(self, statement: DayStatement) -> str | None:
        """Look for its mutations among those of the day; see ``Bookkeeper``."""
        day = f"{statement.day:%Y%m%d}"
        wanted = {mutation.id for mutation in statement.mutations}
        found = self._list(
            "financial_mutations",
            f"period:{day}..{day},state:all,financial_account_id:{self.financial_account}",
        )
        return next(
            (
                _id(one, "financial_statement_id")
                for one in found
                if one.get("account_servicer_transaction_id") in wanted
            ),
            None,
        )

    @durable
    @override
    def add_bill(self, bill: Bill) -> str:
        """Create a purchase invoice; see ``Bookkeeper``."""
        details = {
            str(place): {
                "description": line.text,
                "price": decimal(line.net),
                "tax_rate_id": self.tax_rate,
            }
            for place, line in enumerate(bill.lines)
        }
        made = self._ask(
            "POST",
            "documents/purchase_invoices",
            {
                "purchase_invoice": {
                    "contact_id": self.contact,
                    "reference": bill.number,
                    "date": bill.day.isoformat(),
                    "due_date": bill.due.isoformat(),
                    "prices_are_incl_tax": False,
                    "details_attributes": details,
                }
            },
        )
        return _id(made, "id")

    @durable
    @override
    def find_bill(self, bill: Bill) -> str | None:
        """Look for its number among the supplier's invoices of the day; see ``Bookkeeper``."""
        day = f"{bill.day:%Y%m%d}"
        asked = f"period:{day}..{day},state:all,contact_id:{self.contact}"
        for one in self._list("documents/purchase_invoices", asked):
            if one.get("reference") == bill.number:
                return _id(one, "id")
        return None

    def _list(self, resource: str, asked: str) -> list[dict[str, Any]]:
        found = self._ask("GET", f"{resource}", None, f"?filter={quote(asked, safe=':,.')}")
        if not isinstance(found, list):
            message = f"{resource} is not a list"
            raise GatewayError(message)
        return [one for one in found if isinstance(one, dict)]

    def _ask(self, method: str, resource: str, body: Any, query: str = "") -> Any:
        """Make one call; the body is there only when it was answered whole."""
        base = urlsplit(settings.OK_MONEYBIRD_URL)
        kind = HTTPSConnection if base.scheme == "https" else HTTPConnection
        connection = kind(base.netloc, timeout=SECONDS)
        address = f"{base.path}/{self.administration}/{resource}.json{query}"
        try:
            _connect(connection)
            connection.request(
                method,
                address,
                body=None if body is None else json.dumps(body),
                headers={
                    "Authorization": f"Bearer {self.token}",
                    "Content-Type": "application/json",
                },
            )
            answer = connection.getresponse()
            return _read(answer.status, answer.read(LARGEST_ANSWER), resource)
        except (OSError, HTTPException, ValueError) as error:
            message = f"{resource}: {type(error).__name__}"
            raise GatewayError(message) from error
        finally:
            connection.close()


def _connect(connection: HTTPConnection) -> None:
    """Open the line; while it is closed nothing can have been taken."""
    try:
        connection.connect()
    except OSError as error:
        message = f"not reached: {type(error).__name__}"
        raise NotTakenError(message) from error


def _read(status: int, content: bytes, resource: str) -> Any:
    """Say by the status whether the program acted."""
    said = f"{resource}: {status} {content[:200].decode(errors='replace')}"
    if status in NOT_NOW:
        raise NotTakenError(said)
    if status >= FIRST_SERVER_ERROR:
        raise GatewayError(said)
    if status not in {HTTPStatus.OK, HTTPStatus.CREATED}:
        raise RefusedError(said)
    return json.loads(content)


def _id(said: Any, name: str) -> str:
    found = str(said.get(name, "")) if isinstance(said, dict) else ""
    if not found.isdecimal():
        message = f"no {name} in the answer"
        raise GatewayError(message)
    return found
