"""Take everything along, or leave; both only by whoever has just shown a password or passkey."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import logout
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from typing_extensions import override

from okplatform.kernel import clock
from okplatform.web.proof import is_proved, proved
from okplatform.web.views import PersonPage
from wallet.actions.delete_account import CannotLeaveYet, delete_account
from wallet.own_data import kept_after_leaving, objections_to_leaving
from wallet.reader import acting, reader
from wallet.takeout import takeout


@proved("get")
class Download(PersonPage):
    """Everything in one zip."""

    http_method_names = ["get"]

    @override
    def get(  # type: ignore[override]  # a stream is no HttpResponse
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        """Return the file."""
        now = clock.now()
        response = FileResponse(
            takeout(self.person, now=now), as_attachment=True, filename=f"ok-{now:%Y-%m-%d}.zip"
        )
        add_never_cache_headers(response)
        return response


@proved("get")
class DeleteAccount(PersonPage):
    """What ends, what stays and why; then one button."""

    template_name = "wallet/delete.html"
    http_method_names = ["get", "post"]

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give what is in the way, and what stays."""
        kwargs.setdefault("objections", objections_to_leaving(reader(self.request).pk))
        return super().get_context_data(
            kept=kept_after_leaving(), back=reverse("wallet:data"), **kwargs
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        """Delete the account and sign out; or say what is in the way."""
        if not is_proved(request):
            return redirect("wallet:delete")
        if request.POST.get("sure") != "yes":
            context = self.get_context_data(unsure=True)
            return self.render_to_response(context, status=422)
        person = reader(request)
        try:
            delete_account(person_id=person.pk, now=clock.now(), actor=acting(person))
        except CannotLeaveYet as refusal:
            context = self.get_context_data(objections=refusal.facts["objections"])
            return self.render_to_response(context, status=409)
        logout(request)
        messages.success(request, _("Your account is deleted. Thank you for having been here."))
        response = redirect("web:home")
        response["Clear-Site-Data"] = '"cache", "storage"'
        return response
