"""Make codes that open an offer: one for everybody, those of a list, or as many as one wants."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from loyalty.actions.refusals import OfferUnknown
from loyalty.coupon_codes import is_plain, is_prefix, plain
from loyalty.models import CouponSeries, Offer, SeriesKind
from loyalty.models.coupon import MOST_CODES
from okplatform.kernel import audit, db
from okplatform.kernel.audit import Actor
from okplatform.kernel.errors import Refusal
from okplatform.kernel.tenancy import merchant_scope
from okplatform.trade.copying import copy_rows

MOST_LISTED = 100_000
"""How many codes of one's own go in at once: they are checked and written while one waits."""

COLUMNS = "merchant_id, series_id, code, left_live, left_test"
NO_LIMIT = r"\N"
TAKEN = """
SELECT coupon.code, series.offer_id FROM unnest(%s::text[]) AS asked (code)
JOIN loyalty_coupon coupon ON coupon.code = asked.code AND coupon.merchant_id = %s
JOIN loyalty_coupon_series series ON series.id = coupon.series_id
ORDER BY array_position(%s::text[], coupon.code::text) LIMIT 1
"""


class OfferNeedsNoCode(Refusal):
    """The offer is for everybody; codes would open nothing."""

    code = "offer_needs_no_code"
    sentence = _("This offer needs no code. First say in the offer that it is for who has one.")


class CodeNotWritable(Refusal):
    """A line is no code."""

    code = "coupon_code_invalid"
    status = 422
    sentence = _(
        "Line {line}: “{code}” cannot be a code. Take 3 to 32 letters and digits. Nothing was made."
    )


class CodeTwice(Refusal):
    """Two lines are the same code."""

    code = "coupon_code_twice"
    status = 422
    sentence = _("Line {line}: “{code}” stands in line {first} already. Nothing was made.")


class CodeTaken(Refusal):
    """One of the codes exists already."""

    code = "coupon_code_taken"
    sentence = _(
        "Line {line}: “{code}” is a code of the offer “{offer}” already. Nothing was made."
    )


class TooManyCodes(Refusal):
    """More codes than may be made at once."""

    code = "too_many_coupon_codes"
    status = 422
    sentence = _("That is more than {most} codes. Make them in parts. Nothing was made.")


class PrefixInvalid(Refusal):
    """Codes cannot begin with this."""

    code = "coupon_prefix_invalid"
    status = 422
    sentence = _("Codes can begin with up to 8 letters and digits. Choose others.")


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesTerms:
    """Which codes to make; see ``CouponSeries`` for the meaning of each.

    ``listed`` are codes as people write them, of a series that is not ``made``; ``count`` is how
    many we make.
    """

    kind: SeriesKind
    uses_each: int | None
    listed: Sequence[str] = ()
    count: int = 0
    prefix: str = ""


def open_coupons(
    *, merchant_id: int, offer_id: int, terms: SeriesTerms, actor: Actor, now: datetime
) -> int:
    """Open a series of codes and return its id.

    Codes of one's own are there at once; those that we make follow, a part at a time
    (``make_coupons``). Raises ``OfferUnknown``, ``OfferNeedsNoCode``, ``CodeNotWritable``,
    ``CodeTwice``, ``CodeTaken``, ``TooManyCodes`` or ``PrefixInvalid``, and then nothing is made.
    """
    lines, prefix = _checked(terms.listed), plain(terms.prefix)
    codes = list(lines)
    asked, most = (len(codes), MOST_LISTED) if codes else (terms.count, MOST_CODES)
    if asked > most:
        raise TooManyCodes(most=most)
    if not is_prefix(prefix):
        raise PrefixInvalid
    with db.transaction(), merchant_scope(merchant_id):
        offer = Offer.objects.select_for_update().filter(pk=offer_id).first()
        if offer is None:
            raise OfferUnknown
        if not offer.by_code:
            raise OfferNeedsNoCode
        series: CouponSeries = CouponSeries.objects.create(
            merchant_id=merchant_id,
            offer=offer,
            kind=terms.kind,
            prefix=prefix,
            uses_each=terms.uses_each,
            asked=asked,
            made=len(codes),
            opened_at=now,
        )
        _write(series, lines)
        audit.record(
            actor=actor,
            action="coupons_opened",
            object_type="coupon_series",
            object_id=series.pk,
            merchant_id=merchant_id,
            data={"offer_id": offer_id, "kind": terms.kind.value, "asked": asked},
        )
        return int(series.pk)


def write_codes(series: CouponSeries, codes: Sequence[str]) -> None:
    """Copy plain codes into a series; raises ``IntegrityError`` for one that exists."""
    uses = NO_LIMIT if series.uses_each is None else str(series.uses_each)
    head, tail = f"{series.merchant_id}\t{series.pk}\t", f"\t{uses}\t{uses}\n"
    copy_rows("loyalty_coupon", COLUMNS, (f"{head}{code}{tail}" for code in codes))


@db.transaction_required
def _write(series: CouponSeries, lines: Mapping[str, int]) -> None:
    taken = _taken(series.merchant_id, lines)
    if taken is not None:
        raise taken
    try:
        with db.savepoint():
            write_codes(series, list(lines))
    except IntegrityError as error:
        # Somebody wrote one of them just now; whose it is can be read, for it is committed.
        raise _taken(series.merchant_id, lines) or error from error


def _checked(listed: Sequence[str]) -> dict[str, int]:
    """Return plain codes with the lines they stand in; empty ones are left out."""
    lines: dict[str, int] = {}
    for number, text in enumerate(listed, start=1):
        code = plain(text)
        if not code:
            continue
        if not is_plain(code):
            raise CodeNotWritable(line=number, code=text.strip()[:40])
        if code in lines:
            raise CodeTwice(line=number, code=code, first=lines[code])
        lines[code] = number
    return lines


def _taken(merchant_id: int, lines: Mapping[str, int]) -> CodeTaken | None:
    codes = list(lines)
    rows = db.call(TAKEN, [codes, merchant_id, codes]) if codes else ()
    if not rows:
        return None
    code, offer_id = rows[0]
    name = Offer.objects.values_list("name", flat=True).get(pk=offer_id)
    return CodeTaken(line=lines[code], code=code, offer=name["nl"])
