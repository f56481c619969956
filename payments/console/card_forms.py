"""What a retailer fills in about its acquirer: how the file reads, in the words of the file."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Literal, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from payments.bankfiles.acquirer import AcquirerMapping

MAX_FILE_BYTES = 15 * 2**20
DATES = (
    ("%Y-%m-%d", "2026-12-31"),
    ("%d-%m-%Y", "31-12-2026"),
    ("%d/%m/%Y", "31/12/2026"),
    ("%Y%m%d", "20261231"),
    ("%m/%d/%Y", "12/31/2026"),
)
DELIMITERS = ((",", _("comma")), (";", _("semicolon")), ("tab", _("tab")), ("|", _("bar")))
MARKS = ((",", "18,40"), (".", "18.40"))
ENCODINGS = (("utf-8-sig", "UTF-8"), ("cp1252", "Windows"), ("latin-1", "Latin 1"))
HEADINGS = ("amount", "booked_on", "reference", "bank_reference", "fee", "batch", "text")


def _heading(label: Any, *, required: bool = False, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=80,
        required=required,
        help_text=help_text,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class AcquirerForm(forms.Form):
    """A contract; the headings are those of the columns in the acquirer's CSV."""

    name = forms.CharField(
        label=_("Name of the acquirer"),
        max_length=80,
        help_text=_("As your bank statement names it: by that we find what it pays you."),
    )
    iban = forms.CharField(
        label=_("Your account that it pays to (IBAN)"),
        max_length=42,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    since = forms.DateField(
        label=_("Follow card payments from"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    amount = _heading(_("Gross amount"), required=True)
    booked_on = _heading(_("Day of the payment"), required=True)
    reference = _heading(
        _("Number of the payment terminal"),
        help_text=_("The one that your till sends with a sale."),
    )
    bank_reference = _heading(
        _("The acquirer’s own number"), help_text=_("So that no payment counts twice.")
    )
    fee = _heading(_("Fee"))
    batch = _heading(_("Batch"), help_text=_("What it pays in one go. Without: by the day."))
    text = _heading(_("Description"))
    delimiter = forms.ChoiceField(label=_("Between columns"), choices=DELIMITERS)
    decimal_mark = forms.ChoiceField(label=_("Amounts"), choices=MARKS)
    date_format = forms.ChoiceField(label=_("Days"), choices=DATES)
    encoding = forms.ChoiceField(label=_("Characters"), choices=ENCODINGS)
    direction = _heading(_("Debit or credit"), help_text=_("Only where no minus says it."))
    debit_words = _heading(_("Words for debit"), help_text=_("With a comma between."))

    def mapping(self) -> AcquirerMapping:
        """Return what a valid form says of the file."""
        said = self.cleaned_data
        headings = {name: said[name].strip() for name in HEADINGS}
        words = re.split(r"\s*,\s*", said["debit_words"].strip())
        return AcquirerMapping(
            **headings,
            direction=said["direction"].strip(),
            debit_words=frozenset(filter(None, words)),
            decimal_mark=cast("Literal['.', ',']", said["decimal_mark"]),
            date_format=said["date_format"],
            delimiter="\t" if said["delimiter"] == "tab" else said["delimiter"],
            encoding=said["encoding"],
        )

    @staticmethod
    def said_by(name: str, iban: str, since: date, mapping: Mapping[str, Any]) -> dict[str, Any]:
        """Return a contract as the form shows it."""
        return {
            **mapping,
            "name": name,
            "iban": iban,
            "since": since,
            "delimiter": "tab" if mapping["delimiter"] == "\t" else mapping["delimiter"],
            "debit_words": ", ".join(mapping["debit_words"]),
        }


class UploadForm(forms.Form):
    """A file of the acquirer, or of the merchant's own bank."""

    file = forms.FileField(
        label=_("The acquirer’s file, or your bank statement"),
        help_text=_("CSV of the acquirer; camt.053 or MT940 of your bank. At most 15 MB."),
        max_length=255,
    )

    def clean_file(self) -> Any:
        """Refuse what is larger than we read."""
        file = self.cleaned_data["file"]
        if file.size > MAX_FILE_BYTES:
            raise forms.ValidationError(_("The file is larger than 15 MB. Nothing was read."))
        return file
