"""Bodies and answers of tills without a network, as the OpenAPI document shows them."""

import hashlib
from typing import Annotated, Literal
from uuid import UUID

from django.utils.translation import gettext as _
from pydantic import Field, StringConstraints

from merchants.checkout.actions.book_offline_sale import Sent
from merchants.checkout.api.line_schemas import LineBody, lines_of
from merchants.checkout.basket import Basket, digest
from merchants.checkout.offline import Record
from merchants.contract import LARGEST_AMOUNT, MOST_LINES, Language, Reference
from okplatform.kernel.api.problems import InvalidBody
from okplatform.kernel.api.views import Answer, Body

PublicKey = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9+/]{43}=$"),
    Field(description="An Ed25519 public key: its 32 bytes in base64."),
]
Moment = Annotated[
    str,
    StringConstraints(
        pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
        r"T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
        r"(\.[0-9]{1,6})?(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$"
    ),
    Field(description="RFC 3339 with its offset; signed to the letter as it is sent."),
]
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class OfflineKeyBody(Body):
    """The key by which this till signs what it sells without a network."""

    store: Reference | None = Field(default=None, description="Unless the key names one.")
    terminal: Reference | None = Field(default=None, description="Unless the key names one.")
    public_key: PublicKey


class SignedBody(Body):
    """What the till signed, line by line as docs/offline-tills.md has it; the UUID is the sale's.

    The code and the currency that were signed are those of the basket.
    """

    public_key: PublicKey
    sequence: int = Field(ge=1, le=1_000_000_000, description="1, 2, 3 … of this key.")
    sold_at: Moment
    dark_since: Moment = Field(description="`as_of` of the last allowance that the till has read.")
    amount: int = Field(ge=1, le=LARGEST_AMOUNT, description="Minor units: what the lines come to.")
    previous: Digest = Field(description="The digest of the record before; 64 zeros at the first.")
    signature: str = Field(
        pattern=r"^[A-Za-z0-9+/]{86}==$", description="Ed25519, 64 bytes in base64."
    )


class OfflineSaleBody(Body):
    """A sale that the till closed without a network, at the full price."""

    store: Reference | None = Field(default=None, description="Unless the key names one.")
    terminal: Reference | None = Field(default=None, description="Unless the key names one.")
    operator: str = Field(
        default="",
        max_length=64,
        description="Who sold it, and looked at the customer's age where a line asks for one.",
    )
    language: Language | None = Field(default=None, description="The cashier's language.")
    currency: str = Field(pattern=r"^[A-Z]{3}$", description="ISO 4217; must be the store's.")
    reference: str = Field(
        default="", pattern=r"^[A-Za-z0-9-]{0,64}$", description="Receipt number."
    )
    code: str = Field(pattern=r"^[0-9]{22}$", description="What the scanner read, digits only.")
    lines: list[LineBody] = Field(min_length=1, max_length=MOST_LINES)
    offline: SignedBody

    def sent(self, uuid: UUID, *, language: str) -> Sent:
        """Return it in plain values; ``language`` counts if the till names none.

        Raises ``InvalidBody`` for a line that does not add up, or a day that there is not.
        """
        said = self.offline
        record = Record(
            uuid=uuid,
            sequence=said.sequence,
            said_sold_at=said.sold_at,
            said_dark_since=said.dark_since,
            amount=said.amount,
            currency=self.currency,
            code=self.code,
            previous=said.previous,
        )
        for field in ("sold_at", "dark_since"):
            _check_day(record, field)
        return Sent(
            basket=self._basket(language),
            record=record,
            signature=said.signature,
            public_key=said.public_key,
            fingerprint=hashlib.sha256(self.model_dump_json().encode()).digest(),
        )

    def _basket(self, language: str) -> Basket:
        return Basket(
            revision=1,
            store=self.store,
            terminal=self.terminal,
            operator=self.operator,
            language=self.language or language,
            currency=self.currency,
            reference=self.reference,
            code=self.code,
            code_digest=digest(self.code),
            lines=lines_of(self.lines),
        )


def _check_day(record: Record, field: str) -> None:
    try:
        getattr(record, field)
    except ValueError as error:
        fault = {"field": f"offline.{field}", "code": "no_such_day"}
        raise InvalidBody([{**fault, "sentence": _("there is no such day")}]) from error


class OfflineSaleAnswer(Answer):
    """What became of it, for good: sent again, it is the same answer.

    `paid`: the shopper pays, as for any sale. `loss`: the goods have left and nobody pays; `reason`
    says why. It stands in the merchant's books as a loss of its own.
    """

    uuid: str
    mode: Literal["live", "test"]
    booked_as: Literal["paid", "loss"]
    reason: str | None
    sentence: str
    store: str
    terminal: str
    currency: str
    amount: int
    points_earned: int
    sequence: int
    digest: str = Field(description="Of the record: what the next one holds on to.")
    sold_at: str
    booked_at: str


class OfflineGapAnswer(Answer):
    """Numbers of a log that have not come: send them, however late."""

    first: int
    last: int


class OfflineLogAnswer(Answer):
    """A key of the till, and how its log looks from here.

    `breaks` are records that do not hold on to the one before them: the log was changed.
    """

    public_key: str
    in_force: bool
    last_sequence: int
    last_digest: str
    gaps: list[OfflineGapAnswer]
    breaks: list[int]


class OfflineAllowanceAnswer(Answer):
    """What the till may sell should its network go from now on.

    Each sale at most `most_per_sale`, all of one dark spell `most_in_all`, for `hours`. What goes
    beyond is the merchant's loss.
    """

    store: str
    terminal: str
    mode: Literal["live", "test"]
    as_of: str = Field(description="`dark_since` of what is sold until the till asks again.")
    currency: str
    allowed: bool
    most_per_sale: int
    most_in_all: int
    hours: int
    send_within_days: int
    logs: list[OfflineLogAnswer] = Field(description="The key in force first; at most ten.")
