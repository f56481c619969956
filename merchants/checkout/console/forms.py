"""What a retailer fills in for a payment link."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from merchants.checkout.actions.create_link import LinkTerms
from merchants.checkout.money_forms import EurosField, cents
from okplatform.parties.checks import REFERENCE_PATTERN

FIXED, OPEN = "fixed", "open"


class LinkForm(forms.Form):
    """A link: what for, how much, how often, until when."""

    description = forms.CharField(
        label=_("What is it for?"), max_length=140, help_text=_("The payer reads this.")
    )
    kind = forms.ChoiceField(
        label=_("Amount"),
        choices=((FIXED, _("One amount")), (OPEN, _("The payer says how much"))),
        initial=FIXED,
        widget=forms.RadioSelect,
    )
    amount = EurosField(label=_("Amount in euros"), required=False)
    least = EurosField(label=_("At least"), required=False)
    most = EurosField(label=_("At most"), required=False)
    vat_rate = forms.TypedChoiceField(
        label=_("VAT in the amount"),
        coerce=int,
        choices=((2_100, "21 %"), (900, "9 %"), (0, "0 %")),
        initial=2_100,
    )
    only_once = forms.TypedChoiceField(
        label=_("How often may it be paid?"),
        coerce=lambda said: said == "once",
        choices=(("once", _("Once")), ("many", _("As often as people like"))),
        initial="once",
    )
    last_day = forms.DateField(
        label=_("Open until and including"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Leave it empty and it stays open until you close it."),
    )
    reference = forms.RegexField(
        REFERENCE_PATTERN,
        label=_("Your reference"),
        required=False,
        help_text=_("An invoice or order number: letters, digits and hyphens."),
    )
    store = forms.ChoiceField(label=_("Sale of"))

    def __init__(self, *args: Any, stores: Any, zone: str, **more: Any) -> None:
        """Offer the merchant's stores, as pairs of reference and name; days are days there."""
        super().__init__(*args, **more)
        self.fields["store"] = forms.ChoiceField(label=_("Sale of"), choices=stores)
        self.zone = ZoneInfo(zone)

    @override
    def clean(self) -> dict[str, Any]:
        """See that the amount is there in the way that was chosen."""
        said = super().clean() or self.cleaned_data
        if said.get("kind") == FIXED and "amount" not in self.errors and not said.get("amount"):
            raise ValidationError({"amount": _("Fill in an amount.")})
        if said.get("kind") == OPEN and not {"least", "most"} & set(self.errors):
            least, most = said.get("least"), said.get("most")
            if not least or not most or most < least:
                raise ValidationError({"most": _("Fill in a least amount, and a most above it.")})
        return said

    def terms(self) -> LinkTerms:
        """Return what a valid form asks for."""
        said = self.cleaned_data
        fixed = said["kind"] == FIXED
        return LinkTerms(
            store=said["store"],
            amount=cents(said["amount"]) if fixed else None,
            least=None if fixed else cents(said["least"]),
            most=None if fixed else cents(said["most"]),
            vat_rate_bp=said["vat_rate"],
            description=said["description"],
            reference=said["reference"],
            only_once=said["only_once"],
            expires_at=self._end_of(said["last_day"]),
        )

    def _end_of(self, day: date | None) -> datetime | None:
        if day is None:
            return None
        return datetime.combine(day + timedelta(days=1), time(), tzinfo=self.zone)
