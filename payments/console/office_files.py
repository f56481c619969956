"""The office of OK: files of the bank that were refused, and files of ours that may be anywhere."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from typing_extensions import override

from okplatform.kernel import clock
from okplatform.kernel.audit import Actor
from okplatform.web.views import OperatorPage
from payments.actions.deliver_file import resolve_file
from payments.bank_desk import doubtful_files, refused_files
from payments.console import paging
from payments.console.file_words import why_refused
from payments.gateways.bank_folder import folder_of
from payments.models import OutgoingFile
from payments.states import FileState


class FilesPage(OperatorPage):
    """What was refused and why; what was sent, perhaps."""

    template_name = "payments/office_files.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give one page of refused files, and all doubtful ones."""
        before = paging.number(self.request.GET.get("before"))
        rows = refused_files(before=before, limit=paging.PER_PAGE + 1)
        shown = rows[: paging.PER_PAGE]
        return super().get_context_data(
            doubtful=doubtful_files(),
            refused=[(file, why_refused(file.refusal)) for file in shown],
            following=shown[-1].pk if len(rows) > len(shown) else None,
            is_first=before is None,
            **kwargs,
        )


class ResolveFile(OperatorPage):
    """Asks what became of a file of ours (``POST``)."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, file_id: int) -> HttpResponse:
        """Ask, and say what the answer is."""
        found = OutgoingFile.objects.select_related("house_account").defer("content")
        file = get_object_or_404(found, pk=file_id)
        account = file.house_account
        state = resolve_file(
            file_id=file.pk,
            gateway=folder_of(mode=account.mode, iban=account.iban),
            now=clock.now(),
            actor=Actor(kind="person", id=str(self.person.pk)),
        )
        answers = {
            None: _("Somebody is sending it just now. Ask again in a few minutes."),
            FileState.UNKNOWN: _("The bank’s client does not answer. Nothing was sent twice."),
            FileState.SENT: _("The bank has it."),
            FileState.MADE: _("It never arrived, and goes out again by itself."),
        }
        say = messages.error if state in (None, FileState.UNKNOWN) else messages.success
        say(request, answers[state])
        return redirect("payments:office-files")
