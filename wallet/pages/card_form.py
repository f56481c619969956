"""The form of a loyalty card: what is written there becomes the fields of one edit."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from okplatform.kernel.errors import Refusal
from wallet.card_fields import LONGEST_TEXT, CardTextTooLong, PayloadUnfit, checked, checked_barcode
from wallet.card_units import EURO, amount_text, is_money, unit_choices
from wallet.models import Card
from wallet.models.card import COLOUR, DIGEST, MOST_GROUPS
from wallet.programmes import COLOURS, PROGRAMMES
from wallet.symbologies import LONGEST, SYMBOLOGIES, from_readable, readable

PLAIN = ("name", "issuer", "programme", "number", "colour", "note", "unit")
PHOTOS = ("front", "back", "logo")
DAYS = ("valid_from", "expires_on")


class UnitOfAnotherKind(Refusal):
    """There is something on the card, which would count as something else."""

    code = "card_unit_of_another_kind"
    status = 422
    sentence = _("There is {balance} on this card. Take that off first; then choose another kind.")


class Names(forms.CharField):
    """Names of groups with commas between them, cleaned to a sorted list."""

    @override
    def prepare_value(self, value: Any) -> Any:
        """Write a list as the reader types it."""
        return ", ".join(value) if isinstance(value, list | tuple) else value

    @override
    def to_python(self, value: Any) -> Any:
        """Read the names, each once."""
        return sorted({name.strip() for name in (super().to_python(value) or "").split(",")} - {""})


class CardForm(forms.Form):
    """Everything that can be written on a card.

    Each field carries what stood there when the page was made, so that an edit names only what its
    writer changed: what another phone changed in the meantime stays.
    """

    name = forms.CharField(label=_("Name"), max_length=LONGEST_TEXT["name"])
    payload = forms.CharField(
        label=_("Code"),
        required=False,
        strip=False,
        max_length=LONGEST,
        help_text=_("The number below the barcode, with every 0."),
    )
    symbology = forms.ChoiceField(label=_("Kind of barcode"), required=False)
    number = forms.CharField(
        label=_("Number on the card"),
        required=False,
        max_length=LONGEST_TEXT["number"],
        help_text=_("Only if it is another one than the code."),
    )
    issuer = forms.CharField(
        label=_("Shop or company"), required=False, max_length=LONGEST_TEXT["issuer"]
    )
    groups = Names(
        label=_("Groups"), required=False, help_text=_("Such as: groceries, travel. Use commas.")
    )
    valid_from = forms.DateField(
        label=_("Valid from"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    expires_on = forms.DateField(
        label=_("Valid until"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=LONGEST_TEXT["note"],
        widget=forms.Textarea({"rows": 2}),
    )
    unit = forms.ChoiceField(
        label=_("Balance in"),
        required=False,
        initial=EURO,
        help_text=_("What is counted on this card."),
    )
    colour = forms.RegexField(COLOUR, required=False)
    programme = forms.SlugField(required=False, widget=forms.HiddenInput())
    front = forms.RegexField(DIGEST, required=False, widget=forms.HiddenInput())
    back = forms.RegexField(DIGEST, required=False, widget=forms.HiddenInput())
    logo = forms.RegexField(DIGEST, required=False, widget=forms.HiddenInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        symbologies = [(one.name, one.label) for one in SYMBOLOGIES.values()]
        self.fields["symbology"].choices = [("", _("No barcode")), *symbologies]  # type: ignore[attr-defined]
        unit = self.initial.get("unit", EURO)
        self.fields["unit"].choices = unit_choices(unit)  # type: ignore[attr-defined]
        for field in self.fields.values():
            field.show_hidden_initial = True

    @override
    def clean(self) -> dict[str, Any]:
        """Hold the code against its kind, with the sentence beside the field it is about."""
        cleaned = super().clean() or self.cleaned_data
        cleaned["payload"] = from_readable(cleaned.get("payload", ""))
        if cleaned["payload"] and not cleaned.get("symbology"):
            self.add_error("symbology", _("Choose which kind of barcode your card has."))
        elif cleaned["payload"]:
            self._check("payload", self._barcode)
        if len(cleaned.get("groups", ())) > MOST_GROUPS:
            self.add_error("groups", CardTextTooLong(longest=MOST_GROUPS).detail)
        start, end = cleaned.get("valid_from"), cleaned.get("expires_on")
        if start and end and start > end:
            self.add_error("expires_on", _("This day is before the first one."))
        self._check("unit", self._same_kind)
        for name in (*PLAIN, "groups"):
            self._check(name, lambda name=name: self._checked_one(name))
        return cleaned

    def _checked_one(self, name: str) -> None:
        value = self.cleaned_data.get(name)
        if value:
            checked({name: dict.fromkeys(value, True) if name == "groups" else value})

    def _same_kind(self) -> None:
        """Refuse to read the digits of an amount as points, or of points as an amount."""
        unit, was = self.cleaned_data.get("unit"), self.initial.get("unit", EURO)
        balance = self.initial.get("balance")
        if unit and balance and is_money(unit) != is_money(was):
            raise UnitOfAnotherKind(balance=amount_text(balance, was))

    def _check(self, name: str, check: Any) -> None:
        try:
            check()
        except PayloadUnfit as refusal:
            self.add_error("payload", refusal.detail)
        except Refusal as refusal:
            self.add_error(name, refusal.detail)

    def _barcode(self) -> dict[str, str] | None:
        payload = self.cleaned_data["payload"]
        return checked_barcode(self.cleaned_data["symbology"], payload) if payload else None

    def edit(self, *, is_new: bool) -> dict[str, Any]:
        """Return the fields to put: all that are filled in of a new card, else what changed."""
        changed = {name for name, value in self.cleaned_data.items() if value} if is_new else set()
        changed |= set(self.changed_data)
        fields: dict[str, Any] = {
            name: self.cleaned_data[name] for name in PLAIN if name in changed
        }
        fields |= {name: self.cleaned_data[name] or None for name in PHOTOS if name in changed}
        fields |= {name: self._day(name) for name in DAYS if name in changed}
        for name in ("colour", "unit"):
            if not fields.get(name):
                fields.pop(name, None)
        if changed & {"payload", "symbology"}:
            fields["barcode"] = self._barcode()
        if "groups" in changed:
            fields["groups"] = self._groups_moved()
        return {name: value for name, value in fields.items() if value != {}}

    def _day(self, name: str) -> str | None:
        day = self.cleaned_data[name]
        return day.isoformat() if day else None

    def _groups_moved(self) -> dict[str, bool]:
        stood = self["groups"].field.clean(self.data.get("initial-groups", ""))
        now = self.cleaned_data["groups"]
        return dict.fromkeys(set(stood) - set(now), False) | dict.fromkeys(
            set(now) - set(stood), True
        )


def initial_of(card: Card) -> dict[str, Any]:
    """Return what the form of a card begins with."""
    names = (*PLAIN, *DAYS, *PHOTOS, "symbology", "groups", "balance")
    return {name: getattr(card, name) for name in names} | {"payload": readable(card.payload)}


def palette(chosen: str) -> Iterable[str]:
    """Return the colours to choose from; that of the card is one of them."""
    return dict.fromkeys([*filter(None, [chosen]), *COLOURS])


def programmes() -> Iterable[Any]:
    """Return the programmes to choose from, by name."""
    return sorted(PROGRAMMES.values(), key=lambda programme: programme.name.casefold())
