"""One endpoint: what it was told, and what can be done about it."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from typing_extensions import override

from merchants.models import DeliveryState, WebhookDelivery
from merchants.webhooks import queries
from merchants.webhooks.actions.disable_endpoint import disable_endpoint
from merchants.webhooks.actions.enable_endpoint import enable_endpoint
from merchants.webhooks.actions.replay import replay
from merchants.webhooks.actions.rotate_secret import rotate_secret
from merchants.webhooks.actions.send_test import send_test
from merchants.webhooks.console.endpoints import SecretPage
from merchants.webhooks.console.forms import ReplayForm
from merchants.webhooks.console.permission import INTEGRATORS
from merchants.webhooks.console.words import ERRORS
from merchants.webhooks.refusals import EndpointDisabled, EndpointUnknown
from okplatform.kernel import clock
from okplatform.kernel.audit import Actor
from okplatform.web.formats import number

PER_PAGE = 50
DIGITS = 18
"""Of a primary key; one more may be too large for PostgreSQL."""


@dataclass(frozen=True, slots=True)
class DeliveryLine:
    """A delivery as the log shows it."""

    delivery: WebhookDelivery
    error: str | Promise

    @property
    def has_ended(self) -> bool:
        """Say whether it can be sent again."""
        return self.delivery.state != DeliveryState.WAITING and self.delivery.event_id is not None


class EndpointPage(SecretPage):
    """An endpoint with its log, the newest first."""

    required_permission = INTEGRATORS
    template_name = "merchants/webhook.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the endpoint, how many wait, and one page of its log."""
        endpoint = queries.endpoint(self.kwargs["uuid"])
        if endpoint is None:
            raise Http404
        before = _key(self.request.GET.get("before"))
        state = self.request.GET.get("state", "")
        state = state if state in DeliveryState.values else ""
        rows = queries.deliveries(endpoint.pk, before=before, limit=PER_PAGE + 1, state=state)
        shown = rows[:PER_PAGE]
        return super().get_context_data(
            **{
                "endpoint": endpoint,
                "rotating": endpoint.old_secret_until and endpoint.old_secret_until > clock.now(),
                "waiting": queries.waiting(endpoint.pk),
                "lines": [DeliveryLine(one, ERRORS.get(one.error, one.error)) for one in shown],
                "following": shown[-1].pk if len(rows) > PER_PAGE else None,
                "is_first": before is None,
                "state": state,
                "states": DeliveryState.choices,
                "replay_form": ReplayForm(),
                **kwargs,
            }
        )

    def post(self, request: HttpRequest, **_address: Any) -> HttpResponse:
        """Do what a button says: ``act`` in the form."""
        acts = {
            "rotate": self._rotate,
            "disable": self._disable,
            "enable": self._enable,
            "test": self._test,
            "replay": self._replay,
            "replay-since": self._replay_since,
        }
        act = acts.get(request.POST.get("act", ""))
        if act is None:
            raise Http404
        try:
            answer = act()
        except EndpointUnknown as refusal:
            raise Http404 from refusal
        except EndpointDisabled as refusal:
            messages.error(request, refusal.detail)
            answer = None
        return answer or redirect(request.path)

    def _asked(self) -> dict[str, Any]:
        """Return what every action is told."""
        return {
            "merchant_id": self.merchant.pk,
            "uuid": self.kwargs["uuid"],
            "now": clock.now(),
            "actor": Actor(kind="membership", id=str(self.membership.pk)),
        }

    def _rotate(self) -> HttpResponse:
        return self.show_secret(rotate_secret(**self._asked()), self.request.path, rotated=True)

    def _disable(self) -> None:
        disable_endpoint(**self._asked())
        messages.success(self.request, gettext("Disabled. Nothing is sent there any more."))

    def _enable(self) -> None:
        enable_endpoint(**self._asked())
        messages.success(self.request, gettext("Enabled. What waits goes out now."))

    def _test(self) -> None:
        send_test(**self._asked())
        said = gettext("A test is on its way. Load the page again to see what became of it.")
        messages.success(self.request, said)

    def _replay(self) -> None:
        delivery_id = _key(self.request.POST.get("delivery"))
        if delivery_id is None:
            raise Http404
        self._say_replayed(replay(**self._asked(), delivery_id=delivery_id))

    def _replay_since(self) -> HttpResponse | None:
        form = ReplayForm(self.request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(replay_form=form), status=422)
        self._say_replayed(replay(**self._asked(), since=form.moment))
        return None

    def _say_replayed(self, replayed: int) -> None:
        said = ngettext(
            "{number} event is sent again.", "{number} events are sent again, in order.", replayed
        )
        messages.success(self.request, said.format(number=number(replayed)))


def _key(text: str | None) -> int | None:
    """Read a cursor, or what a button names: a primary key."""
    return int(text) if text and text.isdecimal() and len(text) <= DIGITS else None
