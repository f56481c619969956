"""Where a person sets the PIN that confirms payments."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from typing_extensions import override

from okplatform.kernel import clock
from okplatform.kernel.errors import Refusal
from okplatform.web.proof import is_proved, proved
from okplatform.web.views import PersonPage
from wallet.actions.set_pin import set_pin
from wallet.pins import LONGEST
from wallet.queries import pin_of
from wallet.reader import acting, reader


def _digits(**attrs: str) -> forms.TextInput:
    """Return a field for a PIN that no browser keeps: not a password, so no manager offers one."""
    known = {"inputmode": "numeric", "autocomplete": "off", "maxlength": str(LONGEST)}
    return forms.TextInput(attrs={**known, "class": "wallet-pin", **attrs})


class PinForm(forms.Form):
    """The same PIN, twice."""

    pin = forms.CharField(label=gettext_lazy("New PIN, 4 to 8 digits"), widget=_digits())
    again = forms.CharField(label=gettext_lazy("The same PIN again"), widget=_digits())

    @override
    def clean(self) -> dict[str, Any]:
        """Refuse two that differ: a PIN that one mistyped is a PIN that nobody knows."""
        said: dict[str, Any] = super().clean() or {}
        if {"pin", "again"} <= set(said) and said["pin"] != said["again"]:
            self.add_error("again", _("The two PINs differ. Type the same one twice."))
        return said


@proved("get")
class PinPage(PersonPage):
    """Sets the PIN, by whoever has just shown a password or passkey; so a locked one is replaced.

    ``?next=`` goes back to what the PIN is needed for.
    """

    template_name = "wallet/pin.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the form, and whether there is a PIN already."""
        kwargs.setdefault("form", PinForm())
        return super().get_context_data(
            pin=pin_of(reader(self.request).pk),
            next=_next(self.request),
            back=reverse("wallet:you"),
            **kwargs,
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        """Set it; what is wrong stands beside the field."""
        if not is_proved(request):
            # allauth would keep the form in the session, and the PIN with it: they type it again.
            return redirect(request.get_full_path())
        form = PinForm(request.POST)
        person = reader(request)
        if form.is_valid():
            try:
                set_pin(
                    person_id=person.pk,
                    pin=form.cleaned_data["pin"],
                    now=clock.now(),
                    actor=acting(person),
                )
            except Refusal as refusal:
                form.add_error("pin", refusal.detail)
            else:
                messages.success(
                    request, _("Your PIN is set. You confirm larger payments with it.")
                )
                return redirect(_next(request) or "wallet:you")
        return self.render_to_response(self.get_context_data(form=form), status=422)


def _next(request: HttpRequest) -> str:
    """Return where to go afterwards, if that is a page of ours."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    here = {request.get_host()}
    is_ours = url_has_allowed_host_and_scheme(asked, here, require_https=request.is_secure())
    return asked if is_ours else ""
