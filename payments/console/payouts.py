"""What was paid to the merchant, and what each payout is made of."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.functional import Promise
from typing_extensions import override

from okplatform.kernel import clock
from okplatform.kernel.modes import Mode
from okplatform.web.views import StaffPage
from payments.calendar import Schedule, next_cut
from payments.console import paging
from payments.console.permission import MONEY
from payments.console.words import BOOKINGS, OTHER, PAYOUTS, SCHEDULES, grouped
from payments.models import Payout, PayoutTerms
from payments.whereabouts import Part, items_of, parts_of


@dataclass(frozen=True, slots=True)
class PayoutLine:
    """A payout as the list shows it."""

    payout: Payout
    state: str | Promise
    iban: str


@dataclass(frozen=True, slots=True)
class PartLine:
    """What a payout has of one kind of booking, by name."""

    title: str | Promise
    part: Part


@dataclass(frozen=True, slots=True)
class TermsShown:
    """On which terms a merchant is paid now; without any of its own daily, to the IBAN it gave."""

    iban: str
    holder: str
    schedule: Schedule
    threshold: int
    reserve: int
    paused_reason: str
    next_cut: datetime

    @property
    def name(self) -> str | Promise:
        """Return how often, in words."""
        return SCHEDULES[self.schedule]

    @property
    def grouped_iban(self) -> str:
        """Return the account as people read it."""
        return grouped(self.iban)


def terms_of(page: StaffPage) -> TermsShown:
    """Return the terms of the merchant whose page this is."""
    merchant, terms = page.merchant, PayoutTerms.objects.first()
    schedule = Schedule(terms.schedule) if terms else Schedule.DAILY
    return TermsShown(
        iban=terms.iban if terms else merchant.iban,
        holder=terms.holder if terms else merchant.name,
        schedule=schedule,
        threshold=terms.threshold if terms else 1,
        reserve=terms.reserve if terms else 0,
        paused_reason=terms.paused_reason if terms else "",
        next_cut=next_cut(schedule, clock.now()),
    )


class PayoutsConsole(StaffPage):
    """Every payout, the newest first."""

    required_permission = MONEY
    template_name = "payments/console_payouts.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give one page of payouts, and the terms they go by."""
        before = paging.number(self.request.GET.get("before"))
        found = Payout.objects.filter(merchant_id=self.merchant.pk, mode=Mode.LIVE).order_by("-pk")
        rows = list((found.filter(pk__lt=before) if before else found)[: paging.PER_PAGE + 1])
        shown = rows[: paging.PER_PAGE]
        return super().get_context_data(
            lines=[line_of(payout) for payout in shown],
            following=shown[-1].pk if len(rows) > len(shown) else None,
            is_first=before is None,
            terms=terms_of(self),
            **kwargs,
        )


class PayoutConsole(StaffPage):
    """One payout: where it stands, and its bookings to the cent."""

    required_permission = MONEY
    template_name = "payments/console_payout.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the payout with one page of what it is made of."""
        found = Payout.objects.select_related("outgoing_file").defer("outgoing_file__content")
        payout: Payout | None = found.filter(
            pk=self.kwargs["payout_id"], merchant_id=self.merchant.pk, mode=Mode.LIVE
        ).first()
        if payout is None:
            raise Http404
        after = paging.place(self.request.GET.get("after"))
        items = items_of(
            merchant_id=self.merchant.pk,
            mode=Mode.LIVE,
            payout_id=payout.pk,
            after=after,
            limit=paging.PER_PAGE + 1,
        )
        parts = parts_of(merchant_id=self.merchant.pk, payout_id=payout.pk)
        return super().get_context_data(
            line=line_of(payout),
            payout=payout,
            parts=[PartLine(BOOKINGS.get(part.kind, OTHER), part) for part in parts],
            bookings=paging.page_of_items(items, after=after),
            back=reverse("payments:console-payouts", args=[self.merchant.reference]),
            **kwargs,
        )


def line_of(payout: Payout) -> PayoutLine:
    """Return a payout with what the page calls its state."""
    return PayoutLine(payout, PAYOUTS[payout.state], grouped(payout.iban))
