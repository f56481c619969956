"""Card payments: what the acquirer settled, what it did not, and what the merchant says of it."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from typing_extensions import override

from okplatform.kernel import clock
from okplatform.kernel.audit import Actor
from okplatform.kernel.errors import Refusal
from okplatform.kernel.modes import Mode
from okplatform.web.views import StaffPage
from payments.acquiring import (
    AcquirerUnknown,
    accounts_of,
    batches_of,
    candidates_of,
    cards,
    decided,
    files_of,
    strange_arrivals,
    strange_lines,
    unpaid,
)
from payments.actions.decide_card import CardRef, explain_card, pair_card, reopen_card
from payments.actions.put_acquirer import AcquirerNameTaken, put_acquirer
from payments.actions.take_acquirer_file import take_acquirer_file
from payments.bankfiles.lines import BankFileRefused
from payments.console import paging
from payments.console.card_forms import AcquirerForm, UploadForm
from payments.console.file_words import why_refused
from payments.console.permission import MONEY
from payments.models import AcquirerAccount

SHOWN = 10
KINDS = ("line", "tender", "arrival")


class CardsConsole(StaffPage):
    """Where the card payments are, the contracts, and the door for files."""

    required_permission = MONEY
    template_name = "payments/console_cards.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the sums, the contracts, and the last of everything."""
        here: dict[str, Any] = {"merchant_id": self.merchant.pk, "mode": Mode.LIVE.value}
        kwargs.setdefault("upload", UploadForm())
        return super().get_context_data(
            accounts=accounts_of(**here),
            cards=cards(**here, today=today()),
            files=[(file, why_refused(file.refusal)) for file in files_of(**here, limit=SHOWN)],
            batches=batches_of(**here, limit=SHOWN),
            **kwargs,
        )


class CardUpload(CardsConsole):
    """Takes a file in (``POST``), whole or not at all."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, account_id: int, **_address: Any) -> HttpResponse:
        """Import and match; a refusal says where and why, and the file is kept."""
        form = UploadForm(request.POST, request.FILES)
        if not (form.is_valid() and self._take(form, account_id)):
            return self.render_to_response(
                self.get_context_data(upload=form, uploaded_to=account_id), status=422
            )
        return redirect("payments:console-cards", merchant=self.merchant.reference)

    def _take(self, form: UploadForm, account_id: int) -> bool:
        file = form.cleaned_data["file"]
        try:
            taken = take_acquirer_file(
                merchant_id=self.merchant.pk,
                mode=Mode.LIVE,
                account_id=account_id,
                name=file.name,
                content=file.read(),
                now=clock.now(),
                actor=acting(self),
            )
        except AcquirerUnknown as unknown:
            raise Http404 from unknown
        except BankFileRefused as refused:
            where = _("Line {line}:").format(line=refused.line) if refused.line else ""
            why = _("Nothing of the file was taken in; it is kept for inspection.")
            form.add_error("file", f"{where} {why_refused(refused.code)} {why}".strip())
            return False
        if taken.was_known:
            messages.success(self.request, _("This file came before. Nothing has changed."))
        else:
            said = _("Taken in: {lines} lines. What is certain is matched.")
            messages.success(self.request, said.format(lines=taken.lines))
        return True


class UnpaidConsole(StaffPage):
    """Sold by card, and not paid out by any acquirer."""

    required_permission = MONEY
    template_name = "payments/console_unpaid.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give one page of it, the oldest first."""
        after = paging.place(self.request.GET.get("after"))
        rows = unpaid(
            merchant_id=self.merchant.pk,
            mode=Mode.LIVE,
            after=(after.booked_at, after.posting_id) if after else None,
            limit=paging.PER_PAGE + 1,
        )
        shown = rows[: paging.PER_PAGE]
        more = len(rows) > len(shown)
        return super().get_context_data(
            rows=shown,
            following=f"{shown[-1].sold_at.isoformat()}~{shown[-1].sale_id}" if more else "",
            is_first=after is None,
            back=reverse("payments:console-cards", args=[self.merchant.reference]),
            **kwargs,
        )


class StrangeConsole(StaffPage):
    """Paid at a terminal or by the acquirer, and nothing of ours says for what."""

    required_permission = MONEY
    template_name = "payments/console_strange.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give one page of lines, with the sales that each may be for."""
        here: dict[str, Any] = {"merchant_id": self.merchant.pk, "mode": Mode.LIVE.value}
        after = paging.number(self.request.GET.get("after"))
        rows = strange_lines(**here, after=after, limit=paging.PER_PAGE + 1)
        shown = rows[: paging.PER_PAGE]
        found = candidates_of([line.pk for line in shown], zone=self.merchant.timezone)
        return super().get_context_data(
            rows=[(line, found.get(line.pk, [])) for line in shown],
            following=shown[-1].pk if len(rows) > len(shown) else None,
            is_first=after is None,
            arrivals=strange_arrivals(**here, limit=paging.PER_PAGE),
            back=reverse("payments:console-cards", args=[self.merchant.reference]),
            **kwargs,
        )


class DecidedConsole(StaffPage):
    """What the merchant's people said, to be taken back."""

    required_permission = MONEY
    template_name = "payments/console_decided.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the last decisions of each kind."""
        return super().get_context_data(
            decided=decided(merchant_id=self.merchant.pk, mode=Mode.LIVE, limit=paging.PER_PAGE),
            back=reverse("payments:console-cards", args=[self.merchant.reference]),
            **kwargs,
        )


class CardDecision(StaffPage):
    """Decides about a half (``POST``): a pair, an explanation, or open again."""

    required_permission = MONEY
    http_method_names = ["post"]

    def post(
        self, request: HttpRequest, kind: str, card_id: int, number: int, **_address: Any
    ) -> HttpResponse:
        """Decide, and go back to the list."""
        if kind not in KINDS:
            raise Http404
        try:
            self._decide(CardRef(kind, card_id, number))
        except AcquirerUnknown as unknown:
            raise Http404 from unknown
        except Refusal as refusal:
            messages.error(request, refusal.detail)
        else:
            messages.success(request, _("Decided and written down."))
        lists = {
            "unpaid": "payments:console-unpaid",
            "strange": "payments:console-strange",
            "decided": "payments:console-decided",
        }
        chosen = lists.get(request.POST.get("list", ""), "payments:console-cards")
        return redirect(chosen, merchant=self.merchant.reference)

    def _decide(self, card: CardRef) -> None:
        said = self.request.POST
        mine: dict[str, Any] = {"merchant_id": self.merchant.pk, "mode": Mode.LIVE.value}
        if "open" in said:
            reopen_card(**mine, card=card, actor=acting(self))
        elif "line" in said:
            line_id = paging.number(said["line"]) or 0
            pair_card(**mine, line_id=line_id, tender=card, actor=acting(self))
        else:
            explain_card(**mine, card=card, reason=said.get("reason", ""), actor=acting(self))


class AcquirerConsole(StaffPage):
    """A contract; without a number in the address it is a new one."""

    required_permission = MONEY
    template_name = "payments/console_acquirer.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the form, filled with what is in force."""
        account = self._account()
        kwargs.setdefault("form", AcquirerForm(initial=self._initial(account)))
        back = reverse("payments:console-cards", args=[self.merchant.reference])
        return super().get_context_data(account=account, back=back, **kwargs)

    def post(self, request: HttpRequest, **_address: Any) -> HttpResponse:
        """Keep the contract; what is wrong is said beside its field, and nothing is lost."""
        account, form = self._account(), AcquirerForm(request.POST)
        if not (form.is_valid() and self._put(form, account)):
            return self.render_to_response(self.get_context_data(form=form), status=422)
        messages.success(request, _("Saved. The next file is read like this."))
        return redirect("payments:console-cards", merchant=self.merchant.reference)

    def _put(self, form: AcquirerForm, account: AcquirerAccount | None) -> bool:
        said = form.cleaned_data
        try:
            put_acquirer(
                merchant_id=self.merchant.pk,
                mode=Mode.LIVE,
                name=said["name"],
                iban=said["iban"],
                mapping=form.mapping(),
                since=said["since"],
                account_id=account.pk if account else None,
                now=clock.now(),
                actor=acting(self),
            )
        except Refusal as refusal:
            field = "name" if isinstance(refusal, AcquirerNameTaken) else "iban"
            form.add_error(field, refusal.detail)
            return False
        return True

    def _initial(self, account: AcquirerAccount | None) -> dict[str, Any]:
        if account is None:
            return {"iban": self.merchant.iban, "since": today().date(), "decimal_mark": ","}
        return AcquirerForm.said_by(account.name, account.iban, account.since, account.mapping)

    def _account(self) -> AcquirerAccount | None:
        number = self.kwargs.get("account_id")
        if number is None:
            return None
        mine = AcquirerAccount.objects.filter(merchant_id=self.merchant.pk, mode=Mode.LIVE)
        account: AcquirerAccount | None = mine.filter(pk=number).first()
        if account is None:
            raise Http404
        return account


def acting(page: StaffPage) -> Actor:
    """Return who acts on a console page."""
    return Actor(kind="membership", id=str(page.membership.pk))


def today() -> datetime:
    """Return when the day began, on the merchant's clock."""
    return timezone.localtime(clock.now()).replace(hour=0, minute=0, second=0, microsecond=0)
