"""Amounts as people type them: euros with a comma or a point, kept as cents."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

CENTS = 100


def cents(euros: Decimal) -> int:
    """Return euros with at most two decimals as cents, exactly."""
    return int(euros * CENTS)


class EurosField(forms.DecimalField):
    """An amount in euros."""

    def __init__(self, **more: Any) -> None:
        """Take a comma for a point in either language, and offer the keys for digits."""
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(decimal_places=2, max_digits=9, widget=widget, **more)

    @override
    def to_python(self, value: Any) -> Any:
        """Read what was typed; raises ``ValidationError``."""
        said = str(value or "").strip().removeprefix("€").strip().replace(",", ".")
        return super().to_python(said)


class EurosForm(forms.Form):
    """The amount of an open link."""

    amount = EurosField(label=_("Amount in euros"))

    def __init__(self, *args: Any, least: int, most: int, **more: Any) -> None:
        """Hold the amount to the link's limits, in cents."""
        super().__init__(*args, **more)
        self.fields["amount"] = EurosField(
            label=_("Amount in euros"),
            min_value=Decimal(least) / CENTS,
            max_value=Decimal(most) / CENTS,
        )
