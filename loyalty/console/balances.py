"""Bringing members and balances along from another programme: a file, its columns, a dry run."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from typing_extensions import override

from loyalty.actions.open_balance_file import open_balance_file, sheet_in_hand
from loyalty.actions.take_in_balances import ask_balances
from loyalty.actions.try_balance_file import try_balance_file
from loyalty.balance_words import fault, how_read
from loyalty.models import BalanceImport, ImportState
from loyalty.queries.balances import files_of, waiting_at
from okplatform.kernel import clock
from okplatform.kernel.audit import Actor
from okplatform.kernel.errors import Refusal
from okplatform.parties.models import Role
from okplatform.web.permissions import staff
from okplatform.web.views import StaffPage

IMPORTERS = staff(Role.OWNER, Role.MANAGER)
MOST_FILES = 10
NONE = ""
A_MOMENT = timedelta(seconds=1)


class FileForm(forms.Form):
    """The file."""

    file = forms.FileField(
        label=gettext_lazy("CSV file"),
        help_text=gettext_lazy(
            "With headings, and on each line a card number or an e-mail address, and points."
        ),
    )


class ColumnsForm(forms.Form):
    """Which heading holds what."""

    card = forms.ChoiceField(label=gettext_lazy("Card number"), required=False)
    email = forms.ChoiceField(label=gettext_lazy("E-mail address"), required=False)
    points = forms.ChoiceField(label=gettext_lazy("Points"), required=False)
    ends = forms.ChoiceField(label=gettext_lazy("Last day of the points"), required=False)

    def __init__(self, headings: tuple[str, ...], *args: Any, **kwargs: Any) -> None:
        """Offer the headings of the file."""
        super().__init__(*args, **kwargs)
        for name in self.fields:
            choices = [(NONE, _("– not in this file –")), *((one, one) for one in headings)]
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def columns(self) -> dict[str, str]:
        """Return what was chosen."""
        return {name: heading for name, heading in self.cleaned_data.items() if heading}


class BalancesConsole(StaffPage):
    """Give a file, and see what came in before."""

    required_permission = IMPORTERS
    template_name = "loyalty/console_balances.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the form, the files, and what still waits."""
        kwargs.setdefault("form", FileForm())
        return super().get_context_data(
            files=files_of(mode=self.person.mode, most=MOST_FILES),
            waiting=waiting_at(self.merchant.pk, at=clock.now() + A_MOMENT),
            back=reverse("loyalty:console-programme", args=[self.merchant.reference]),
            **kwargs,
        )

    def post(self, request: HttpRequest, **_address: Any) -> HttpResponse:
        """Take the file into hand; what cannot be read is said beside the field."""
        form = FileForm(request.POST, request.FILES)
        if form.is_valid():
            given = form.cleaned_data["file"]
            try:
                file = open_balance_file(
                    merchant_id=self.merchant.pk,
                    mode=self.person.mode,
                    name=given.name,
                    content=given.read(),
                    actor=Actor(kind="membership", id=str(self.membership.pk)),
                    now=clock.now(),
                )
            except Refusal as refusal:
                form.add_error("file", refusal.detail)
            else:
                return redirect(
                    "loyalty:console-balance-file",
                    merchant=self.merchant.reference,
                    uuid=file.uuid,
                )
        return self.render_to_response(self.get_context_data(form=form), status=422)


class BalanceFileConsole(StaffPage):
    """One file: its columns, what it would bring, and taking it in."""

    required_permission = IMPORTERS

    @override
    def get_template_names(self) -> list[str]:
        """Give the progress alone to a page that looks how far it is."""
        part = "_state" if self.request.headers.get("HX-Request") else ""
        return [f"loyalty/console_balance_file{part}.html"]

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the file with its report in words."""
        file = self._file()
        if file.state == ImportState.OPEN:
            headings = sheet_in_hand(file).headings
            kwargs.setdefault("form", ColumnsForm(headings, initial=file.columns))
        report = file.report or {}
        return super().get_context_data(
            file=file,
            report=report,
            faults=[fault(*one) for one in report.get("faults", ())],
            how=how_read(report["encoding"], report["delimiter"]) if report else "",
            back=reverse("loyalty:console-balances", args=[self.merchant.reference]),
            **kwargs,
        )

    def post(self, request: HttpRequest, uuid: UUID, **_address: Any) -> HttpResponse:
        """Try it with other columns, or take it in (``take`` in the form)."""
        try:
            if "take" in request.POST:
                ask_balances(
                    merchant_id=self.merchant.pk,
                    uuid=uuid,
                    actor=Actor(kind="membership", id=str(self.membership.pk)),
                )
            else:
                self._try(uuid)
        except Refusal as refusal:
            messages.error(request, refusal.detail)
        return redirect("loyalty:console-balance-file", merchant=self.merchant.reference, uuid=uuid)

    def _try(self, uuid: UUID) -> None:
        form = ColumnsForm(sheet_in_hand(self._file()).headings, self.request.POST)
        if not form.is_valid():
            messages.error(self.request, _("Choose columns of this file."))
            return
        try_balance_file(
            merchant_id=self.merchant.pk, uuid=uuid, columns=form.columns(), now=clock.now()
        )

    def _file(self) -> BalanceImport:
        found: BalanceImport | None = BalanceImport.objects.filter(
            uuid=self.kwargs["uuid"], mode=self.person.mode
        ).first()
        if found is None:
            raise Http404
        return found
