"""The office of OK: bank lines that wait for a person, and what was decided about others."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from typing_extensions import override

from okplatform.kernel import clock
from okplatform.kernel.audit import Actor
from okplatform.kernel.errors import Refusal
from okplatform.kernel.modes import Mode
from okplatform.web.views import OperatorPage
from payments.actions.decide_entry import decide_entry
from payments.actions.redecide_entry import redecide_entry
from payments.bank_desk import (
    Waiting,
    candidates_for,
    decisions,
    decisions_about,
    expected_as,
    in_suspense,
    lines_named,
    matches_of,
    waiting_lines,
)
from payments.console import paging
from payments.console.words import DOUBTS
from payments.deciding import Share
from payments.models import BankEntry, EntryState

CENTS = 100
PARTS = 4
"""Rows of the form that splits a line; what they leave goes to suspense."""


class PartForm(forms.Form):
    """A part of a line, for what is expected under a reference."""

    reference = forms.CharField(
        label=gettext_lazy("Expected as"),
        max_length=35,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    amount = forms.DecimalField(
        label=gettext_lazy("Amount"), decimal_places=2, max_digits=13, required=False
    )


PartForms = forms.formset_factory(PartForm, extra=PARTS, max_num=PARTS, absolute_max=PARTS)


class ReasonForm(forms.Form):
    """Why, for whoever looks at it later."""

    reason = forms.CharField(label=gettext_lazy("Why"), max_length=200, required=False)


class QueuePage(OperatorPage):
    """The lines that no rule could match, each with what it may have come for."""

    template_name = "payments/office_queue.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give one page of the queue, in the order in which it came."""
        mode = Mode.TEST if self.request.GET.get("mode") == Mode.TEST else Mode.LIVE
        after = paging.number(self.request.GET.get("after"))
        rows = waiting_lines(mode=mode, after=after, limit=paging.PER_PAGE + 1)
        shown = rows[: paging.PER_PAGE]
        return super().get_context_data(
            lines=[(line, doubt_of(line)) for line in shown],
            following=shown[-1].entry.pk if len(rows) > len(shown) else None,
            is_first=after is None,
            mode=mode,
            **kwargs,
        )


class LinePage(OperatorPage):
    """One bank line: what it says, what it may have come for, and what was decided about it."""

    template_name = "payments/office_line.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the line and the forms to decide about it."""
        entry = kwargs.pop("entry", None) or self._entry()
        kwargs.setdefault("parts", PartForms(prefix="part"))
        kwargs.setdefault("reason", ReasonForm())
        return super().get_context_data(
            entry=entry,
            doubt=DOUBTS.get(entry.doubt, ""),
            candidates=candidates_for(entry),
            matches=matches_of(entry.pk),
            decisions=decisions_about(entry.pk),
            is_decided=entry.state != EntryState.QUEUED,
            books=entry.state != EntryState.NOTICE,
            **kwargs,
        )

    def post(self, request: HttpRequest, **_address: Any) -> HttpResponse:
        """Decide: all of it for one expectation, or by parts, of which the rest is in suspense."""
        entry, reason = self._entry(), ReasonForm(request.POST)
        parts = PartForms(request.POST, prefix="part")
        if "expectation" in request.POST:
            chosen = paging.number(request.POST["expectation"])
            parts = PartForms(prefix="part")
            shares: Sequence[Share] | None = [Share(chosen or 0, entry.amount)]
        else:
            shares = self._shares(entry, parts) if parts.is_valid() else None
        if shares is None:
            return self._again(entry, parts, reason)
        if not (reason.is_valid() and self._decide(entry, shares, reason)):
            return self._again(entry, parts, reason)
        messages.success(request, _("Decided, booked and written down."))
        if entry.state == EntryState.QUEUED:
            return redirect("payments:office-queue")
        return redirect("payments:office-line", entry_id=entry.pk)

    def _entry(self) -> BankEntry:
        found = BankEntry.objects.select_related("house_account", "statement")
        entry = found.filter(pk=self.kwargs["entry_id"]).first()
        if entry is None:
            raise Http404
        return entry

    def _shares(self, entry: BankEntry, parts: Any) -> Sequence[Share] | None:
        """Read the parts; None where one names nothing that is expected, which its field says."""
        shares: list[Share] = []
        for form in parts:
            reference, amount = form.cleaned_data.get("reference"), form.cleaned_data.get("amount")
            if not reference and amount is None:
                continue
            expectation = expected_as(entry, reference or "")
            if expectation is None:
                form.add_error("reference", _("Nothing is expected under this name here."))
            elif amount is None:
                form.add_error("amount", _("How much of the line is for this?"))
            else:
                shares.append(Share(expectation.pk, int(amount * CENTS)))
        if any(form.errors for form in parts):
            return None
        rest = entry.amount - sum(share.amount for share in shares)
        return [*shares, Share(None, rest)] if rest else shares

    def _decide(self, entry: BankEntry, shares: Sequence[Share], reason: ReasonForm) -> bool:
        decide = decide_entry if entry.state == EntryState.QUEUED else redecide_entry
        try:
            decide(
                entry_id=entry.pk,
                shares=shares,
                reason=reason.cleaned_data["reason"],
                now=clock.now(),
                actor=Actor(kind="person", id=str(self.person.pk)),
            )
        except Refusal as refusal:
            reason.add_error("reason", refusal.detail)
            return False
        return True

    def _again(self, entry: BankEntry, parts: Any, reason: ReasonForm) -> HttpResponse:
        entry.refresh_from_db()
        context = self.get_context_data(entry=entry, parts=parts, reason=reason)
        return self.render_to_response(context, status=422)


class SuspensePage(OperatorPage):
    """What is on OK's account, and nobody knows for whom."""

    template_name = "payments/office_suspense.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give what stands in suspense, the oldest first."""
        return super().get_context_data(
            standing=in_suspense(limit=paging.PER_PAGE), most=paging.PER_PAGE, **kwargs
        )


class DecisionsPage(OperatorPage):
    """What people decided, the newest first; and the way to any other line."""

    template_name = "payments/office_decisions.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the last decisions, or the lines of one reference."""
        reference = self.request.GET.get("reference", "")[:35]
        return super().get_context_data(
            reference=reference,
            lines=lines_named(reference) if reference else None,
            decisions=decisions(limit=paging.PER_PAGE),
            **kwargs,
        )


def doubt_of(line: Waiting) -> str | Promise:
    """Say why a line waits."""
    return DOUBTS.get(line.entry.doubt, "")
