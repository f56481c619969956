"""What a retailer fills in to give something back; money in euros, as people say it."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from merchants.returns.asking import LineAsked, RefundAsked
from okplatform.parties.models import Store
from okplatform.trade.facts import DEPOSIT_RETURN, LineStanding

CENTS = 100


class RefundForm(forms.Form):
    """Goods by line, or an amount; the same fields, hidden, on the page that asks for a yes."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)
    store: "forms.ModelChoiceField[Store]" = forms.ModelChoiceField(
        label=_("Where it comes back"), queryset=None, to_field_name="reference", empty_label=None
    )
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)
    amount = forms.DecimalField(
        label=_("Amount, in euros"),
        min_value=Decimal("0.01"),
        max_digits=9,
        decimal_places=2,
        required=False,
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        lines: Sequence[LineStanding],
        stores: Any,
        store: Store,
    ) -> None:
        """Ask for a quantity of each line that the shopper still has."""
        super().__init__(data, initial={"uuid": uuid4(), "store": store.reference})
        self.fields["store"].queryset = stores  # type: ignore[attr-defined]  # the stubs see a plain field
        self.lines = [line for line in lines if line.quantity_left and line.kind != DEPOSIT_RETURN]
        for line in self.lines:
            self.fields[_name(line)] = forms.IntegerField(
                label=line.name,
                min_value=0,
                max_value=line.quantity_left,
                required=False,
                widget=forms.NumberInput(attrs={"inputmode": "numeric", "placeholder": "0"}),
            )

    def rows(self) -> list[tuple[LineStanding, forms.BoundField]]:
        """Return each line with its field."""
        return [(line, self[_name(line)]) for line in self.lines]

    @override
    def clean(self) -> dict[str, Any]:
        """Want goods or an amount, one of them."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        goods = any(said.get(_name(line)) for line in self.lines)
        if goods and said.get("amount"):
            self.add_error("amount", _("Choose what comes back, or an amount: not both."))
        elif not goods and not said.get("amount") and not self.errors:
            self.add_error(None, _("Choose what comes back, or an amount."))
        return said

    def asked(self, *, language: str, operator: str) -> RefundAsked:
        """Return what a valid form asks for."""
        said = self.cleaned_data
        return RefundAsked(
            uuid=UUID(str(said["uuid"])),
            operator=operator,
            reason=said["reason"],
            language=language,
            lines=[
                LineAsked(line.number, said[_name(line)])
                for line in self.lines
                if said.get(_name(line))
            ],
            amount=int(said["amount"] * CENTS) if said["amount"] else None,
        )


def _name(line: LineStanding) -> str:
    return f"line_{line.number}"
