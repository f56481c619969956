"""Calls of test mode that meet a magic amount: refused, answered late, or not at all."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest
from rest_framework.request import Request

from merchants.checkout.actions.answer_by_magic import answer_by_magic
from merchants.checkout.actions.close import Paid
from merchants.checkout.answering import answer
from merchants.checkout.basket import Basket
from merchants.checkout.call import Call
from merchants.magic import HOUR, RETRY_AFTER, Does, Magic, magic_of
from merchants.training_marks import number_of
from okplatform.kernel.api.problems import InternalError, TooManyRequests
from okplatform.kernel.api.renderers import JsonAnswer
from okplatform.kernel.errors import Refusal
from okplatform.trade.facts import SaleKey
from okplatform.web.spoiling import Spoiled, spoil

CUT = Spoiled(is_cut=True)

SEEN_FOR = 24 * HOUR
"""Seconds for which a sale that met its magic once is remembered."""

TURNED_AWAY: Mapping[str, Callable[[], Refusal]] = {
    InternalError.code: InternalError,
    TooManyRequests.code: lambda: TooManyRequests(retry_after=RETRY_AFTER),
}


def numbered(call: Call, basket: Basket) -> Basket:
    """Give a sale in training a number of its own; any other keeps what its till said."""
    if not call.till.is_training:
        return basket
    return replace(basket, reference=number_of(call.key.uuid))


def rehearsed(request: Request, call: Call, *, gross: int, pay: Callable[[], Any]) -> JsonAnswer:
    """Pay a test sale, and let happen what its amount says. What is spoiled is spoiled once.

    Sent again, a sale that was paid is answered as ever.
    """
    magic = magic_of(mode=call.key.mode, gross=gross)
    if _is_turned_away(magic, call.key):
        spoil(_http(request), CUT, mode=call.key.mode)
        return JsonAnswer({})
    answer_by_magic(call=call)
    outcome = pay()
    if magic is not None and isinstance(outcome, Paid):
        _spoil(_http(request), call, magic)
    return JsonAnswer(answer(call=call, outcome=outcome))


def _is_turned_away(magic: Magic | None, key: SaleKey) -> bool:
    """Refuse the first call that would pay the sale; say whether its line is to be cut instead.

    Nothing was done then. Whatever comes afterwards about this sale goes through.
    """
    if magic is None or magic.does not in {Does.TURNS_AWAY, Does.LOSES_BEFORE}:
        return False
    if not cache.add(f"sandbox:{key.merchant_id}:{key.uuid}", 1, timeout=SEEN_FOR):
        return False
    if magic.does == Does.TURNS_AWAY:
        raise TURNED_AWAY[magic.code]()
    return True


def _spoil(request: HttpRequest, call: Call, magic: Magic) -> None:
    if magic.does == Does.LOSES_ANSWER:
        spoil(request, CUT, mode=call.key.mode)
    elif magic.does == Does.DELAYS:
        spoil(request, Spoiled(seconds=magic.seconds), mode=call.key.mode)


def _http(request: Request) -> HttpRequest:
    return request._request  # noqa: SLF001 -- DRF's own way to what the server reads
