"""Cards from another app: a file is read, its owner sees what would come in, and decides."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from typing_extensions import override

from okplatform.kernel import clock
from okplatform.kernel.errors import Refusal
from okplatform.web.views import PersonPage
from wallet.actions.drop_import import drop_import
from wallet.actions.keep_import import ImportGone, keep_import
from wallet.actions.read_import import MOST_FILE_BYTES, ImportUnreadable, read_import
from wallet.card_imports import import_of, twins_of, waiting_import_of
from wallet.import_texts import problem_sentence
from wallet.models import CardImport
from wallet.reader import acting, reader
from wallet.symbologies import SYMBOLOGIES, readable

SHOWN = 100
"""Cards and problems on the page, of each; of a large file the others are counted."""

LONGEST_PASSWORD = 200
NEEDS_PASSWORD = {"password_wanted", "password_wrong"}


class ReadImport(PersonPage):
    """Choose a file."""

    template_name = "wallet/card_import.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the file that waits, if one does."""
        waiting = waiting_import_of(reader(self.request).pk)
        return super().get_context_data(
            waiting=waiting if waiting and waiting.expires_at > clock.now() else None,
            most_bytes=MOST_FILE_BYTES,
            most_megabytes=MOST_FILE_BYTES // 2**20,
            back=reverse("wallet:cards"),
            **kwargs,
        )


class UploadImport(ReadImport):
    """Take the file; its address ends as those do that take more than a form."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Read it and show what would come in, or say why not."""
        file = request.FILES.get("file")
        if file is None:
            return self._refused(_("Choose a file first."))
        person = reader(request)
        try:
            read = read_import(
                person_id=person.pk,
                content=file.read(),
                password=request.POST.get("password", "")[:LONGEST_PASSWORD],
                file_name=file.name or "",
                now=clock.now(),
                actor=acting(person),
            )
        except ImportUnreadable as refusal:
            locked = refusal.facts["reason"] in NEEDS_PASSWORD
            return self._refused(refusal.detail, locked=locked)
        return redirect("wallet:card-import-one", card_import=read)

    def _refused(self, sentence: str, *, locked: bool = False) -> HttpResponse:
        context = self.get_context_data(refused=sentence, locked=locked)
        return self.render_to_response(context, status=422)


class ImportPage(PersonPage):
    """What would come in and what not, and two buttons; afterwards the report."""

    http_method_names = ["get", "post"]

    @override
    def get_template_names(self) -> list[str]:
        """Return the preview, or the report of a decision."""
        decided = self._import().decided_at is not None
        return [f"wallet/card_import_{'report' if decided else 'preview'}.html"]

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the cards that come in, those that are here already, and what is wrong."""
        kept = self._import()
        twins = twins_of(kept.person_id, kept.rows)
        coming = [row for nth, row in enumerate(kept.rows) if nth not in twins]
        same = [kept.rows[nth] for nth in sorted(twins)]
        problems = _problems(kept)
        shown = {
            "card_import": kept,
            "all_cards": len(kept.rows),
            "coming": len(coming),
            "shown": [_shown(row) for row in coming[:SHOWN]],
            "more": max(len(coming) - SHOWN, 0),
            "twins": len(same),
            "shown_twins": [_shown(row) for row in same[:SHOWN]],
            "problems": problems[:SHOWN],
            "more_problems": max(len(problems) - SHOWN, 0),
            "photos": sum(len(row["photos"]) for row in kept.rows),
            "back": reverse("wallet:cards" if kept.decided_at else "wallet:card-import"),
        }
        return super().get_context_data(**{**kwargs, **shown})

    def post(self, request: HttpRequest, card_import: UUID) -> HttpResponse:
        """Let them in, or leave the file; pressing twice is harmless."""
        person = reader(request)
        if request.POST.get("decision") == "drop":
            drop_import(person_id=person.pk, card_import=card_import, actor=acting(person))
            messages.success(request, _("Nothing came in. The file is gone from here."))
            return redirect("wallet:card-import")
        try:
            keep_import(
                person_id=person.pk,
                card_import=card_import,
                with_twins=request.POST.get("twins") == "keep",
                now=clock.now(),
                actor=acting(person),
            )
        except ImportGone as refusal:
            messages.error(request, refusal.detail)
            return redirect("wallet:card-import")
        except Refusal as refusal:
            messages.error(request, _("{why} Nothing came in.").format(why=refusal.detail))
        return redirect("wallet:card-import-one", card_import=card_import)

    def _import(self) -> CardImport:
        kept = import_of(reader(self.request).pk, self.kwargs["card_import"])
        if kept is None or kept.expires_at <= clock.now():
            raise Http404
        return kept


def _shown(row: Mapping[str, Any]) -> dict[str, Any]:
    known = SYMBOLOGIES.get(row["symbology"])
    return {
        "name": row["name"],
        "code": readable(row["code"]),
        "kind": known.label if known else "",
        "colour": row["colour"],
        "photos": len(row["photos"]),
        "archived": row["archived"],
    }


def _problems(kept: CardImport) -> Sequence[Mapping[str, Any]]:
    return [
        {"line": line, "name": name, "sentence": problem_sentence(code, facts)}
        for line, code, facts, name in sorted(kept.problems, key=lambda one: one[0])
    ]
