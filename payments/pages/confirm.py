"""The question on the phone: may this amount go to this merchant? Yes by PIN or passkey, or no."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from typing_extensions import override

from okplatform.kernel import clock
from okplatform.kernel.errors import Refusal
from okplatform.web.views import PersonPage
from payments.actions.confirm_payment import ConfirmationOver, confirm_payment
from payments.actions.decline_payment import decline_payment
from payments.models import Confirmation
from payments.states import ConfirmationState
from wallet.passkey_pages import ask_passkey, passkey_answer
from wallet.queries import pin_of, receipts_of
from wallet.reader import acting, reader


class ConfirmPage(PersonPage):
    """One question with its amount, merchant and account; afterwards, how it ended.

    Once it is paid and its receipt is filed, that is what one sees instead. ``?state`` asks for the
    state alone, as JSON: a page that was away looks whether to show anew.
    """

    template_name = "payments/confirm.html"
    http_method_names = ["get", "post"]

    @override
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the question, or its state."""
        asked = self._asked()
        receipt = self._receipt(asked)
        if "state" in request.GET:
            return JsonResponse({"state": _state(asked), "receipt": receipt})
        if receipt is not None:
            return redirect(receipt)
        return self.render_to_response(self.get_context_data(asked=asked))

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        """Take the answer; a wrong PIN stands beside its field, and the question stays."""
        asked = self._asked()
        person = reader(request)
        said: dict[str, Any] = {
            "person_id": person.pk,
            "confirmation": asked.uuid,
            "now": clock.now(),
            "actor": acting(person),
        }
        try:
            if request.POST.get("answer") == "no":
                decline_payment(**said)
            else:
                passkey = passkey_answer(request, subject=asked.uuid)
                pin = request.POST.get("pin", "")
                confirm_payment(**said, pin=pin, passkey=passkey)
        except ConfirmationOver:
            pass  # the page says how it ended
        except Refusal as refusal:
            context = self.get_context_data(asked=asked, fault=refusal.detail, code=refusal.code)
            return self.render_to_response(context, status=422)
        return redirect("payments:confirm", asked.uuid)

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the question, by what it may be answered, and how long still."""
        asked: Confirmation = kwargs["asked"]
        state = _state(asked)
        is_open = state == ConfirmationState.ASKED
        person_id = reader(self.request).pk
        return super().get_context_data(
            state=state,
            seconds=max(0, int((asked.deadline - clock.now()).total_seconds())),
            pin=pin_of(person_id) if is_open else None,
            passkey=ask_passkey(self.request, person_id=person_id, subject=asked.uuid)
            if is_open
            else None,
            back=reverse("wallet:code"),
            **kwargs,
        )

    def _asked(self) -> Confirmation:
        mine = Confirmation.objects.filter(uuid=self.kwargs["confirmation"])
        found: Confirmation | None = mine.select_related(
            "merchant", "bank_account", "sale__store"
        ).first()
        if found is None:
            raise Http404
        return found

    @staticmethod
    def _receipt(asked: Confirmation) -> str | None:
        """Return where the receipt is, once there is one."""
        if asked.state != ConfirmationState.CAPTURED:
            return None
        filed = receipts_of(asked.person_id).filter(sale_id=asked.sale_id).first()
        return reverse("wallet:receipt", args=[filed.pk]) if filed else None


def _state(asked: Confirmation) -> str:
    """Return how it stands; past the deadline it is over, also before the sweep says so."""
    is_late = asked.state == ConfirmationState.ASKED and asked.deadline <= clock.now()
    return ConfirmationState.EXPIRED.value if is_late else asked.state
