"""Tills without a network: what each may sell, what came of it, and all of it as CSV."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from io import StringIO
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from merchants.checkout.actions.set_offline_allowance import (
    NOTHING,
    Allowed,
    allowed_by,
    set_offline_allowance,
)
from merchants.checkout.console.permission import RISK_TAKERS
from merchants.checkout.money_forms import CENTS, EurosField, cents
from merchants.checkout.offline_answers import WORDS
from merchants.checkout.offline_log import (
    Log,
    Total,
    allowance_at,
    keys_of,
    log_of,
    sales_of,
    stores_of,
    tills_of,
    totals_of,
)
from merchants.models import BookedAs
from merchants.models.offline import MOST_HOURS, MOST_IN_ALL, MOST_PER_SALE
from okplatform.kernel import clock
from okplatform.kernel.audit import Actor
from okplatform.kernel.modes import Mode
from okplatform.parties.models import Store, Terminal
from okplatform.web.views import StaffPage

MODES = ((Mode.LIVE.value, _("Real sales")), (Mode.TEST.value, _("Sales with test keys")))
MOST_KEYS = 10
MOST_ROWS = 50_000
COLUMNS = (
    "sale",
    "store",
    "till",
    "sequence",
    "sold_at",
    "booked_at",
    "currency",
    "amount",
    "booked_as",
    "reason",
)


class ChoiceForm(forms.Form):
    """Which store, and real sales or those with test keys."""

    store = forms.ChoiceField(label=_("Store"))
    mode = forms.ChoiceField(label=_("Which sales"), choices=MODES)

    def __init__(self, *args: Any, stores: Sequence[Store], **kwargs: Any) -> None:
        """Offer the stores."""
        super().__init__(*args, **kwargs)
        choices = [(store.reference, store.name) for store in stores]
        self.fields["store"].choices = choices  # type: ignore[attr-defined]  # the stubs see a plain field


class AllowanceForm(forms.Form):
    """What a till may sell without a network; 0 per sale is nothing at all."""

    most_per_sale = EurosField(
        label=_("Most per sale, in euros"),
        min_value=0,
        max_value=Decimal(MOST_PER_SALE) / CENTS,
        help_text=_("0 is off. At most €50: above it the customer's phone has to confirm."),
    )
    most_in_all = EurosField(
        label=_("Most in all, in euros"),
        min_value=0,
        max_value=Decimal(MOST_IN_ALL) / CENTS,
        help_text=_("Until the till has heard of OK again."),
    )
    hours = forms.IntegerField(
        label=_("For how many hours"),
        min_value=0,
        max_value=MOST_HOURS,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    @override
    def clean(self) -> dict[str, Any]:
        """Hold the three to each other, unless it is off."""
        said = super().clean() or {}
        if self.errors or not said["most_per_sale"]:
            return said
        if said["most_in_all"] < said["most_per_sale"]:
            self.add_error("most_in_all", _("This is at least what one sale may be."))
        if not said["hours"]:
            self.add_error("hours", _("Say at least one hour."))
        return said

    @property
    def allowed(self) -> Allowed:
        """Return what was said."""
        said = self.cleaned_data
        if not said["most_per_sale"]:
            return NOTHING
        return Allowed(
            most_per_sale=cents(said["most_per_sale"]),
            most_in_all=cents(said["most_in_all"]),
            hours=said["hours"],
        )


@dataclass(frozen=True, slots=True)
class TillLine:
    """A till: what it may sell, what it sold, and how its logs look."""

    terminal: Terminal
    allowed: Allowed
    form: AllowanceForm
    totals: Sequence[Total]
    logs: Sequence[Log]

    @property
    def paid(self) -> int:
        """Return what was paid, in minor units."""
        return sum(one.amount for one in self.totals if one.booked_as == BookedAs.PAID)

    @property
    def lost(self) -> int:
        """Return what nobody pays, in minor units."""
        return sum(one.amount for one in self.totals if one.booked_as == BookedAs.LOSS)

    @property
    def losses(self) -> list[tuple[Total, str | Promise]]:
        """Return the losses, each kind with its sentence."""
        return [(one, WORDS[one.reason]) for one in self.totals if one.reason]

    @property
    def missing(self) -> int:
        """Return how many sales the till signed and has not sent."""
        return sum(log.missing for log in self.logs)

    @property
    def gaps(self) -> list[tuple[int, int]]:
        """Return the numbers that have not come."""
        return [gap for log in self.logs for gap in log.gaps]

    @property
    def breaks(self) -> list[int]:
        """Return the numbers at which a log was changed."""
        return [number for log in self.logs for number in log.breaks]


class OfflinePage(StaffPage):
    """The tills of a store, and what each may sell without a network."""

    required_permission = RISK_TAKERS
    template_name = "merchants/offline_tills.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the tills of the store that is asked for, or of the first."""
        stores = stores_of(self.membership.store_id)
        store, mode = self.asked(self.request.GET, stores)
        lines = self._lines(store, mode, kwargs.pop("wrong", {})) if store else []
        return super().get_context_data(
            choice=ChoiceForm(
                initial={"store": store.reference if store else "", "mode": mode}, stores=stores
            ),
            store=store,
            mode=mode,
            lines=lines,
            paid=sum(one.paid for one in lines),
            lost=sum(one.lost for one in lines),
            missing=sum(one.missing for one in lines),
            sales=sum(total.sales for one in lines for total in one.totals),
            **kwargs,
        )

    def post(self, request: HttpRequest, **_address: Any) -> HttpResponse:
        """Set what a till may sell."""
        stores = stores_of(self.membership.store_id)
        store, mode = self.asked(request.GET, stores)
        tills = tills_of(store) if store else []
        till = next((one for one in tills if one.reference == request.POST.get("till")), None)
        if till is None:
            raise Http404
        form = AllowanceForm(request.POST, auto_id=f"id_{till.pk}_%s")
        if not form.is_valid():
            context = self.get_context_data(wrong={till.pk: form})
            return self.render_to_response(context, status=422)
        set_offline_allowance(
            terminal=till,
            mode=mode,
            allowed=form.allowed,
            now=clock.now(),
            actor=Actor(kind="membership", id=str(self.membership.pk)),
        )
        said = gettext("Saved. The till knows it when it next asks OK.")
        messages.success(request, said)
        where = urlencode({"store": till.store.reference, "mode": mode})
        return redirect(f"{request.path}?{where}")

    def asked(self, said: Any, stores: Sequence[Store]) -> tuple[Store | None, str]:
        """Return store and mode of the address; nonsense is the first, and one's own."""
        form = ChoiceForm(said, stores=stores)
        form.is_valid()
        reference = form.cleaned_data.get("store")
        first = stores[0] if stores else None
        store = next((one for one in stores if one.reference == reference), first)
        return store, form.cleaned_data.get("mode") or self.person.mode

    @staticmethod
    def _lines(store: Store, mode: str, wrong: dict[int, AllowanceForm]) -> list[TillLine]:
        totals, now = totals_of(store, mode=mode), clock.now()
        lines = []
        for till in tills_of(store):
            row = allowance_at(terminal_id=till.pk, mode=mode, at=now)
            allowed = allowed_by(row) if row else NOTHING
            keys = keys_of(terminal_id=till.pk, mode=mode)[:MOST_KEYS]
            lines.append(
                TillLine(
                    terminal=till,
                    allowed=allowed,
                    form=wrong.get(till.pk) or _form(till, allowed),
                    totals=[one for one in totals if one.terminal_id == till.pk],
                    logs=[log_of(key) for key in keys],
                )
            )
        return lines


class OfflineFile(OfflinePage):
    """The sales of a store's tills without a network as CSV, the newest first."""

    @override
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Send the file."""
        store, mode = self.asked(request.GET, stores_of(self.membership.store_id))
        if store is None:
            raise Http404
        text = StringIO()
        writer = csv.writer(text)
        writer.writerow(COLUMNS)
        for sale in sales_of(store, mode=mode)[:MOST_ROWS]:
            amount = f"{sale.amount // CENTS}.{sale.amount % CENTS:02}"
            row = (sale.uuid, store.reference, sale.terminal.reference, sale.sequence)
            moments = (sale.sold_at.isoformat(), sale.booked_at.isoformat())
            writer.writerow((*row, *moments, sale.currency, amount, sale.booked_as, sale.reason))
        name = f"OK-{self.merchant.reference}-{store.reference}-offline-{mode}.csv"
        return HttpResponse(
            text.getvalue(),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

    @override
    def post(self, request: HttpRequest, **_address: Any) -> HttpResponse:
        """Refuse: a file is only read."""
        raise Http404


def _form(till: Terminal, allowed: Allowed) -> AllowanceForm:
    initial = {
        "most_per_sale": _euros(allowed.most_per_sale),
        "most_in_all": _euros(allowed.most_in_all),
        "hours": allowed.hours,
    }
    return AllowanceForm(initial=initial, auto_id=f"id_{till.pk}_%s")


def _euros(amount: int) -> str:
    return f"{amount / CENTS:.2f}" if amount % CENTS else str(amount // CENTS)
