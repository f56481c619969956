"""Where is my money: every euro of the merchant, from the sale to the bank's line."""

from datetime import date
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from typing_extensions import override

from okplatform.kernel import clock
from okplatform.kernel.modes import Mode
from okplatform.trade.models import Sale, SaleState, Tender
from okplatform.web.views import StaffPage
from payments.acquiring import accounts_of, card_legs, cards
from payments.console import paging
from payments.console.cards import today
from payments.console.payouts import terms_of
from payments.console.permission import MONEY
from payments.console.words import grouped
from payments.whereabouts import find_sales, roads, waiting_items, whereabouts

MOST_FOUND = 20


class MoneyConsole(StaffPage):
    """How much is at each step, and the way to one sale."""

    required_permission = MONEY
    template_name = "payments/console_money.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the steps, and what a search found."""
        asked = self.request.GET
        text, day = asked.get("sale", ""), _day(asked.get("day"))
        sales = None
        if "sale" in asked:
            sales = find_sales(
                mode=Mode.LIVE,
                text=text,
                day=day,
                zone=timezone.get_current_timezone(),
                limit=MOST_FOUND,
            )
        return super().get_context_data(
            money=whereabouts(merchant_id=self.merchant.pk, mode=Mode.LIVE),
            accounts=accounts_of(merchant_id=self.merchant.pk, mode=Mode.LIVE),
            cards=cards(merchant_id=self.merchant.pk, mode=Mode.LIVE, today=today()),
            terms=terms_of(self),
            text=text,
            day=day,
            sales=sales,
            most=MOST_FOUND,
            **kwargs,
        )


class WaitingConsole(StaffPage):
    """What waits for a payout, booking by booking."""

    required_permission = MONEY
    template_name = "payments/console_waiting.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give one page of it, the oldest first."""
        after = paging.place(self.request.GET.get("after"))
        items = waiting_items(
            merchant_id=self.merchant.pk, mode=Mode.LIVE, after=after, limit=paging.PER_PAGE + 1
        )
        return super().get_context_data(
            bookings=paging.page_of_items(items, after=after),
            terms=terms_of(self),
            back=reverse("payments:console-money", args=[self.merchant.reference]),
            **kwargs,
        )


class SaleRoadConsole(StaffPage):
    """The road of one sale's money, with the bank line at its end."""

    required_permission = MONEY
    template_name = "payments/console_sale_road.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give what paid the sale, and where each part of that is."""
        sales = Sale.objects.filter(merchant_id=self.merchant.pk, mode=Mode.LIVE)
        sale: Sale | None = (
            sales.filter(uuid=self.kwargs["uuid"]).select_related("store", "terminal").first()
        )
        if sale is None:
            raise Http404
        found = roads(merchant_id=self.merchant.pk, mode=Mode.LIVE, sale_id=sale.pk)
        # Of an open sale parts may have been captured.
        if sale.state != SaleState.CLOSED and not found:
            raise Http404
        card_roads = card_legs(merchant_id=self.merchant.pk, sale_id=sale.pk)
        tenders = Tender.objects.filter(sale_id=sale.pk).order_by("number")
        return super().get_context_data(
            sale=sale,
            tenders=[(tender, card_roads.get(tender.number)) for tender in tenders],
            roads=[[(leg, grouped(leg.iban or "")) for leg in legs] for legs in found],
            terms=terms_of(self),
            back=reverse("payments:console-money", args=[self.merchant.reference]),
            **kwargs,
        )


def _day(text: str | None) -> date:
    """Read the day of a search; what is none is today."""
    try:
        found = parse_date(text or "")
    except ValueError:
        found = None
    return found or timezone.localtime(clock.now()).date()
