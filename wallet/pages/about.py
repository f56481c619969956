"""About you: what a person tells themselves, before any shop may see it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from typing_extensions import override

from okplatform.kernel import clock
from okplatform.kernel.errors import Refusal
from okplatform.web.views import PersonPage
from wallet.actions.declare import declare
from wallet.actions.set_birthday import set_birthday
from wallet.actions.set_contact_details import PhoneMalformed, set_contact_details
from wallet.models import Allergen, DeclarationKind, Preference
from wallet.queries import birthday_of, contact_details_of, declarations_of
from wallet.reader import acting, reader


def _text(autocomplete: str) -> forms.TextInput:
    return forms.TextInput(attrs={"autocomplete": autocomplete})


class ContactForm(forms.Form):
    """How to reach them; empty is fine."""

    phone = forms.CharField(
        label=gettext_lazy("Telephone number"),
        max_length=24,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    street = forms.CharField(
        label=gettext_lazy("Street and number"),
        max_length=120,
        required=False,
        widget=_text("street-address"),
    )
    postal_code = forms.CharField(
        label=gettext_lazy("Postal code"),
        max_length=16,
        required=False,
        widget=_text("postal-code"),
    )
    city = forms.CharField(
        label=gettext_lazy("Town"), max_length=80, required=False, widget=_text("address-level2")
    )


class BirthdayForm(forms.Form):
    """A day without a year; both empty is fine."""

    day = forms.TypedChoiceField(
        label=gettext_lazy("Day"),
        choices=[("", "–"), *((day, str(day)) for day in range(1, 32))],
        coerce=int,
        empty_value=None,
        required=False,
    )
    month = forms.TypedChoiceField(
        label=gettext_lazy("Month"),
        choices=[("", "–"), *MONTHS.items()],
        coerce=int,
        empty_value=None,
        required=False,
    )


class DeclarationForm(forms.Form):
    """What to tick, and a line for whatever is not there to tick."""

    codes = forms.MultipleChoiceField(
        label=gettext_lazy("Tick what applies to you"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    words = forms.CharField(
        label=gettext_lazy("In your own words, one on each line"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(
        self,
        kind: DeclarationKind,
        data: QueryDict | None = None,
        initial: dict[str, Any] | None = None,
    ) -> None:
        """Offer what can be ticked of this kind."""
        super().__init__(data, prefix=kind.value, initial=initial)
        offered = Allergen if kind is DeclarationKind.ALLERGY else Preference
        codes = self.fields["codes"]
        if isinstance(codes, forms.MultipleChoiceField):
            codes.choices = offered.choices


class AboutPage(PersonPage):
    """Four forms, each kept by itself: how to reach them, birthday, preferences, allergies."""

    template_name = "wallet/about.html"
    http_method_names = ["get", "post"]

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the forms with what was told before."""
        person_id = reader(self.request).pk
        details = contact_details_of(person_id)
        kwargs.setdefault("contact", ContactForm(initial=vars(details) if details else None))
        born = birthday_of(person_id)
        kwargs.setdefault("birthday", BirthdayForm(initial=vars(born) if born else None))
        for kind in DeclarationKind:
            kwargs.setdefault(kind.value, DeclarationForm(kind, initial=_told(person_id, kind)))
        return super().get_context_data(back=reverse("wallet:data"), **kwargs)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep one of the forms: ``about`` says which."""
        about = request.POST.get("about", "")
        if about == "contact":
            form: forms.Form = ContactForm(request.POST)
        elif about == "birthday":
            form = BirthdayForm(request.POST)
        elif about in DeclarationKind.values:
            form = DeclarationForm(DeclarationKind(about), request.POST)
        else:
            return HttpResponseBadRequest()
        if form.is_valid():
            try:
                self._keep(about, form.cleaned_data)
            except Refusal as refusal:
                field = "phone" if isinstance(refusal, PhoneMalformed) else None
                form.add_error(field, refusal.detail)
            else:
                messages.success(request, _("Kept. Shops see it only where you turn that on."))
                return redirect("wallet:about")
        return self.render_to_response(self.get_context_data(**{about: form}), status=422)

    def _keep(self, about: str, said: dict[str, Any]) -> None:
        person = reader(self.request)
        by: dict[str, Any] = {
            "person_id": person.pk,
            "now": clock.now(),
            "actor": acting(person),
        }
        if about == "contact":
            set_contact_details(**said, **by)
        elif about == "birthday":
            set_birthday(**said, **by)
        else:
            declare(kind=DeclarationKind(about), **said, **by)


def _told(person_id: int, kind: DeclarationKind) -> dict[str, Any]:
    told = list(declarations_of(person_id, kind))
    return {
        "codes": [one.code for one in told if one.code],
        "words": "\n".join(one.words for one in told if one.words),
    }
