"""The endpoints of a merchant, and a new one."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from typing_extensions import override

from merchants.webhooks import queries
from merchants.webhooks.actions.add_endpoint import add_endpoint
from merchants.webhooks.console.forms import EndpointForm
from merchants.webhooks.console.permission import INTEGRATORS
from okplatform.kernel import clock
from okplatform.kernel.audit import Actor
from okplatform.kernel.errors import Refusal
from okplatform.web.views import StaffPage


class EndpointsPage(StaffPage):
    """Every endpoint, and how it does."""

    required_permission = INTEGRATORS
    template_name = "merchants/webhooks.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the endpoints."""
        return super().get_context_data(endpoints=queries.endpoints(), **kwargs)


class SecretPage(StaffPage):
    """A page that may show a secret, once: nothing on the way keeps what it shows."""

    def show_secret(self, secret: str, address: str, *, rotated: bool) -> HttpResponse:
        """Answer with the secret itself; it stands nowhere else to be looked up."""
        context = super().get_context_data(secret=secret, address=address, rotated=rotated)
        template = "merchants/webhook_secret.html"
        response = self.response_class(
            request=self.request, template=template, context=context, using=self.template_engine
        )
        response["Cache-Control"] = "no-store"
        return response


class NewEndpointPage(SecretPage):
    """Add an endpoint, and see its secret."""

    required_permission = INTEGRATORS
    template_name = "merchants/webhook_new.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the form."""
        return super().get_context_data(**{"form": EndpointForm(), **kwargs})

    def post(self, request: HttpRequest, **_address: Any) -> HttpResponse:
        """Add it; a page that is sent again leads to what it added."""
        form = EndpointForm(request.POST)
        if form.is_valid():
            said = form.cleaned_data
            try:
                secret = add_endpoint(
                    merchant_id=self.merchant.pk,
                    mode=said["mode"],
                    uuid=said["uuid"],
                    url=said["url"].strip(),
                    types=said["types"],
                    now=clock.now(),
                    actor=Actor(kind="membership", id=str(self.membership.pk)),
                )
            except Refusal as refusal:
                form.add_error(None, refusal.detail)
            else:
                return self._added(said["uuid"], secret)
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def _added(self, uuid: Any, secret: str | None) -> HttpResponse:
        answer = redirect("merchants:webhook", merchant=self.merchant.reference, uuid=uuid)
        return answer if secret is None else self.show_secret(secret, answer.url, rotated=False)
