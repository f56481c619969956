"""What a bank tells about an account, whatever form its file has (pure).

A reader yields, in the order of the file: ``StatementOpened``, its ``BankLine``s, then
``StatementClosed``; a file may hold several statements. Nothing is kept, so that a file of any
length takes no memory. Amounts are integers in minor units as the account sees them: positive was
credited to the account, negative debited.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementOpened:
    """The head of a statement or report.

    ``kind`` is the file's form ("camt.053", "camt.052", "camt.054", "MT940"); ``number`` what the
    bank calls this statement, unique for the account; ``opening`` the booked balance before its
    first line, None where the form has none (camt.052, camt.054).
    """

    kind: str
    message_id: str
    number: str
    iban: str
    currency: str
    opening: int | None
    first_day: date | None
    last_day: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BankLine:
    """One transaction on the account.

    ``entry`` and ``part`` say where it stands: the how manieth entry of the statement and, from 0,
    the how manieth transaction within it. A batch that the bank booked as one entry without its
    transactions is one line with ``batch_id`` (PmtInfId) and ``batch_size``. ``structured`` is a
    creditor reference (ISO 11649), ``text`` what people wrote. ``reason`` is the code of a return,
    reject or reversal (ISO 20022 ExternalReturnReason1Code), empty for all else. ``fee`` is what an
    acquirer keeps of the amount; banks have none.
    """

    entry: int
    part: int
    amount: int
    currency: str
    booked_on: date
    valued_on: date | None
    end_to_end_id: str = ""
    batch_id: str = ""
    batch_size: int = 1
    mandate_id: str = ""
    bank_reference: str = ""
    structured: str = ""
    text: str = ""
    name: str = ""
    iban: str = ""
    reason: str = ""
    is_reversal: bool = False
    fee: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementClosed:
    """The foot of a statement: how many lines it had, their sum, and the balance after them."""

    lines: int
    total: int
    closing: int | None


Read = Iterator[StatementOpened | BankLine | StatementClosed]


class BankFileRefused(ValueError):  # noqa: N818 -- it is the file that is refused
    """A file that is not read any further, and of which nothing may be booked.

    ``code`` is stable ("balances_do_not_add_up"), ``line`` where in the file it was noticed (None
    when it concerns the whole), the message a sentence for whoever handles it.
    """

    def __init__(self, code: str, sentence: str, line: int | None = None) -> None:
        """Keep what is wrong and where."""
        super().__init__(sentence)
        self.code, self.line = code, line
