"""Which codes a retailer wants for an offer."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from loyalty.actions.open_coupons import SeriesTerms
from loyalty.models import SeriesKind
from loyalty.models.coupon import MOST_CODES

LARGEST_FILE = 4 * 1024 * 1024

KINDS = (
    (SeriesKind.GENERIC, _("One code for everybody, on posters or in your letter")),
    (SeriesKind.MADE, _("Many codes that nobody can guess; we make them")),
    (SeriesKind.LISTED, _("Codes that you have already, on flyers or from elsewhere")),
)


class CouponForm(forms.Form):
    """One code, a list of them, or a number of them to be made."""

    kind = forms.ChoiceField(
        label=_("Which codes"),
        choices=KINDS,
        initial=SeriesKind.GENERIC,
        widget=forms.RadioSelect,
    )
    code = forms.CharField(
        label=_("The code"),
        max_length=40,
        required=False,
        help_text=_("Letters and digits; case, spaces and hyphens do not count."),
    )
    count = forms.IntegerField(
        label=_("How many codes"), min_value=1, max_value=MOST_CODES, required=False
    )
    begins = forms.CharField(
        label=_("They begin with"),
        max_length=8,
        required=False,
        help_text=_("May stay empty. It makes them easy to tell from others."),
    )
    codes = forms.CharField(
        label=_("Your codes"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
        help_text=_("One on each line."),
    )
    file = forms.FileField(
        label=_("Or a file with them"),
        required=False,
        help_text=_("Text, one code on each line; at most 100,000."),
    )
    uses_each = forms.IntegerField(
        label=_("Each code counts, times"),
        min_value=1,
        max_value=1_000_000,
        initial=1,
        required=False,
    )

    @override
    def clean(self) -> dict[str, Any]:
        """Say beside its field what a kind misses."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        kind = said.get("kind")
        if kind == SeriesKind.GENERIC and not said.get("code"):
            self.add_error("code", _("Fill in the code."))
        if kind == SeriesKind.MADE and not said.get("count") and "count" not in self.errors:
            self.add_error("count", _("Fill in how many."))
        if kind == SeriesKind.LISTED:
            said["listed"] = self._listed(said)
        return said

    def terms(self) -> SeriesTerms:
        """Return what a valid form asks for; the generic code's limits are those of its offer."""
        said, kind = self.cleaned_data, SeriesKind(self.cleaned_data["kind"])
        if kind == SeriesKind.GENERIC:
            return SeriesTerms(kind=kind, uses_each=None, listed=(said["code"],))
        uses_each = said["uses_each"] or 1
        if kind == SeriesKind.LISTED:
            return SeriesTerms(kind=kind, uses_each=uses_each, listed=said["listed"])
        return SeriesTerms(
            kind=kind, uses_each=uses_each, count=said["count"], prefix=said["begins"]
        )

    def _listed(self, said: dict[str, Any]) -> list[str]:
        file, text = said.get("file"), said.get("codes", "")
        if file is not None:
            if file.size > LARGEST_FILE:
                self.add_error("file", _("The file is too large. Divide it."))
                return []
            try:
                text = file.read().decode("utf-8-sig")
            except UnicodeDecodeError:
                self.add_error("file", _("This is no text. Save it as plain text, or as CSV."))
                return []
        listed: list[str] = text.splitlines()
        if not any(line.strip() for line in listed):
            self.add_error("codes", _("Name at least one code."))
        return listed
