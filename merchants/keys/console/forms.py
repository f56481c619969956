"""What the pages ask."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from merchants.keys import queries
from merchants.keys.console.permission import may_hold
from merchants.keys.console.words import SCOPES
from okplatform.kernel.modes import Mode
from okplatform.parties import networks
from okplatform.parties.api_keys import PREFIX_LENGTH, new_prefix
from okplatform.parties.models import ApiKey, Partner, PartnerGrant
from okplatform.parties.scopes import TILL_SCOPES, Scope

CENTS = 100
MOST_CALLS = 100_000
OVERLAPS = (0, 1, 3, 7)
LIVE_SCOPES = [scope for scope in SCOPES if scope != Scope.TEST_CODES.value]


def _euros(label: Any, help_text: Any = "") -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        help_text=help_text,
        required=False,
        min_value=0,
        decimal_places=2,
        max_digits=9,
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "0.01"}),
    )


def cents(euros: Decimal | None) -> int | None:
    """Return euros as cents; nothing is no limit."""
    return None if euros is None else int(euros * CENTS)


def euros(amount: int | None) -> Decimal | None:
    """Return cents as the field shows them."""
    return None if amount is None else Decimal(amount).scaleb(-2)


def _scopes(label: Any, offered: Sequence[str], **options: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, choices=[(scope, SCOPES[scope]) for scope in offered], **options
    )


class ScopesMixin:
    """A form with lists of scopes, each shown with its words."""

    def shown(self, name: str) -> list[dict[str, Any]]:
        """Return what a list offers, and whether it is chosen."""
        field: Any = self[name]  # type: ignore[index]  # of a mixin: the form it is mixed into has them
        chosen = field.value() or []
        return [
            {"name": value, "words": words, "chosen": value in chosen}
            for value, words in field.field.choices
        ]


class NewKeyForm(ScopesMixin, forms.Form):
    """A new key; the prefix comes along, so that the page sent twice makes one."""

    key_prefix = forms.RegexField(
        rf"^[A-Za-z0-9]{{{PREFIX_LENGTH}}}$", widget=forms.HiddenInput, initial=new_prefix
    )
    name = forms.CharField(
        label=_("Name"),
        max_length=120,
        help_text=_("By which you know it again: the till, or the program that uses it."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    mode = forms.ChoiceField(
        label=_("Which sales"),
        choices=((Mode.LIVE.value, _("Real sales")), (Mode.TEST.value, _("Test sales"))),
    )
    place = forms.ChoiceField(label=_("Where it may be used"))
    scopes = _scopes(
        _("What it may do"),
        list(SCOPES),
        initial=sorted(scope.value for scope in TILL_SCOPES),
        error_messages={"required": _("Choose at least one thing that the key may do.")},
    )

    def __init__(self, *args: Any, role: str, store_id: int | None, **options: Any) -> None:
        """Offer the stores, tills and scopes that whoever asks may make keys for."""
        super().__init__(*args, **options)
        scopes: Any = self.fields["scopes"]
        scopes.choices = [one for one in scopes.choices if may_hold(role, one[:1])]
        everywhere = [("", _("In all stores"))] if store_id is None else []
        by_store = [(f"store-{one.pk}", one.name) for one in queries.stores(store_id)]
        names = dict(by_store)
        tills = [
            (f"till-{one.store_id}-{one.pk}", f"{names.get(f'store-{one.store_id}')}, {one.name}")
            for one in queries.terminals(store_id)
        ]
        place: Any = self.fields["place"]
        place.choices = [*everywhere, *by_store, *tills]
        place.required = store_id is not None

    @property
    def held_to(self) -> dict[str, int]:
        """Return the store and till that were chosen."""
        _kind, *ids = str(self.cleaned_data["place"]).split("-")
        return dict(zip(("store_id", "terminal_id"), map(int, ids), strict=False))

    @property
    def shown_scopes(self) -> list[dict[str, Any]]:
        """Return what a key may do."""
        return self.shown("scopes")


class LimitsForm(forms.Form):
    """From where a key may be used, how often, and how much it may give back."""

    networks = forms.CharField(
        label=_("Only from these networks"),
        required=False,
        max_length=4_000,
        help_text=_(
            "Addresses or networks, one a line: 203.0.113.7, 198.51.100.0/24, 2001:db8::/48."
            " Empty: from anywhere."
        ),
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off", "spellcheck": "false"}),
    )
    calls_per_minute = forms.IntegerField(
        label=_("Calls a minute at most"), required=False, min_value=1, max_value=MOST_CALLS
    )
    refunds_a_day = _euros(
        _("Give back a day at most, in euros"), _("Empty: as much as was paid. 0: nothing.")
    )
    refunds_a_reference = _euros(_("Of that, for one order or receipt number at most, in euros"))

    def clean_networks(self) -> list[str]:
        """Read the networks; the first that is none is named."""
        try:
            found = networks.read(self.cleaned_data["networks"])
        except networks.NetworkMalformedError as error:
            message = _("“%(network)s” is neither an address nor a network.")
            raise ValidationError(message, params={"network": str(error.args[0])[:50]}) from error
        return found

    @property
    def limits(self) -> dict[str, Any]:
        """Return what the action is told."""
        said = self.cleaned_data
        return {
            **said,
            "refunds_a_day": cents(said["refunds_a_day"]),
            "refunds_a_reference": cents(said["refunds_a_reference"]),
        }

    @classmethod
    def of(cls, key: ApiKey) -> "LimitsForm":
        """Return the form with what holds now."""
        return cls(
            initial={
                "networks": "\n".join(key.networks),
                "calls_per_minute": key.calls_per_minute,
                "refunds_a_day": euros(key.refunds_a_day),
                "refunds_a_reference": euros(key.refunds_a_reference),
            }
        )


class RotateForm(forms.Form):
    """For how long the old key works beside the new one."""

    days = forms.TypedChoiceField(
        label=_("The old key works on for"),
        coerce=int,
        initial=1,
        choices=(
            (OVERLAPS[0], _("no longer: it ends now")),
            (OVERLAPS[1], _("one day")),
            (OVERLAPS[2], _("three days")),
            (OVERLAPS[3], _("seven days")),
        ),
    )

    @property
    def overlap(self) -> timedelta:
        """Return the time that was chosen."""
        return timedelta(days=self.cleaned_data["days"])


class VendorForm(ScopesMixin, forms.Form):
    """A till vendor and what its own keys may do for the merchant."""

    reference = forms.CharField(
        label=_("Name of the vendor at OK"),
        max_length=64,
        help_text=_("Ask your till vendor for it: small letters and hyphens, such as kassabouw."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    live = _scopes(_("With real sales it may"), LIVE_SCOPES, required=False)
    test = _scopes(_("With test sales it may"), list(SCOPES), required=False)
    refunds_a_day = _euros(
        _("Give back a day at most, in euros"), _("Empty: as much as was paid. 0: nothing.")
    )
    refunds_a_reference = _euros(_("Of that, for one order or receipt number at most, in euros"))

    @override
    def clean(self) -> dict[str, Any]:
        """Refuse a vendor who may do nothing: that is no permission."""
        said = super().clean() or {}
        if not (said.get("live") or said.get("test")):
            raise ValidationError(_("Choose at least one thing that the vendor may do."))
        return said

    def vendor(self) -> Partner | None:
        """Return the vendor of a valid form; where OK knows none, the field says so."""
        found = Partner.objects.filter(reference=self.cleaned_data["reference"]).first()
        if found is None:
            self.add_error("reference", _("OK knows no till vendor by this name."))
        return found

    @property
    def shown_live(self) -> list[dict[str, Any]]:
        """Return what it may do with real sales."""
        return self.shown("live")

    @property
    def shown_test(self) -> list[dict[str, Any]]:
        """Return what it may do with test sales."""
        return self.shown("test")

    @classmethod
    def of(cls, grant: PartnerGrant | None) -> "VendorForm":
        """Return the form with what holds now, or with what a till needs to sell."""
        till = sorted(scope.value for scope in TILL_SCOPES)
        if grant is None:
            return cls(initial={"live": till, "test": [*till, Scope.TEST_CODES.value]})
        return cls(
            initial={
                "reference": grant.partner.reference,
                "live": grant.live_scopes,
                "test": grant.test_scopes,
                "refunds_a_day": euros(grant.refunds_a_day),
                "refunds_a_reference": euros(grant.refunds_a_reference),
            }
        )
