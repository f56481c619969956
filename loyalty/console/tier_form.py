"""What a retailer fills in of tiers: up to four, from the lowest."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from loyalty.engine import ONCE, Texts
from loyalty.models import TierBasis, TierPeriod
from loyalty.tiers import Ladder, Tier

PLACES = (1, 2, 3, 4)
CENTS = 100
FIELDS = ("name_nl", "name_en", "threshold", "keep", "times")


class TierForm(forms.Form):
    """Tiers with their names, what they take, and what they multiply."""

    period = forms.ChoiceField(
        label=_("When it is earned"),
        choices=TierPeriod.choices,
        initial=TierPeriod.YEAR,
    )
    basis = forms.ChoiceField(
        label=_("What counts"),
        choices=TierBasis.choices,
        initial=TierBasis.POINTS,
    )
    grace_days = forms.IntegerField(
        label=_("Days of grace"),
        min_value=0,
        max_value=366,
        required=False,
        help_text=_("So long a tier stays after its time, to earn it again."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Make the fields of each place."""
        super().__init__(*args, **kwargs)
        for place in PLACES:
            self.fields[f"name_nl_{place}"] = _text(_("Name in Dutch"))
            self.fields[f"name_en_{place}"] = _text(_("Name in English"))
            self.fields[f"threshold_{place}"] = _number(_("From"), _("In points, or in euros."))
            self.fields[f"keep_{place}"] = _number(
                _("To keep it"), _("Empty is as much as to reach it.")
            )
            self.fields[f"times_{place}"] = forms.DecimalField(
                label=_("Points times"),
                min_value=1,
                max_value=10,
                decimal_places=1,
                required=False,
                help_text=_("1.5 is half as many more; empty is none."),
            )

    def places(self) -> Iterator[list[BoundField]]:
        """Yield the fields of each tier."""
        for place in PLACES:
            yield [self[f"{field}_{place}"] for field in FIELDS]

    @override
    def clean(self) -> dict[str, Any]:
        """Hold the places to an order, each whole or empty."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        reached = 0
        for place in PLACES:
            names = [said.get(f"name_nl_{place}"), said.get(f"name_en_{place}")]
            threshold = said.get(f"threshold_{place}")
            if not any(names) and threshold is None:
                continue
            if not all(names):
                self.add_error(f"name_nl_{place}", _("Name it in both languages."))
            if not threshold:
                self.add_error(f"threshold_{place}", _("Say what it takes."))
                continue
            if threshold <= reached:
                self.add_error(
                    f"threshold_{place}", _("This has to be more than the tier before it.")
                )
            if (said.get(f"keep_{place}") or 0) > threshold:
                self.add_error(f"keep_{place}", _("Keeping it cannot take more than reaching it."))
            reached = threshold
        return said

    def ladder(self) -> Ladder:
        """Return what a valid form says."""
        said = self.cleaned_data
        scale = CENTS if said["basis"] == TierBasis.SPEND else 1
        tiers = tuple(_tier(said, place, scale) for place in PLACES if said[f"threshold_{place}"])
        return Ladder(tiers, said["period"], said["basis"], said["grace_days"] or 0)

    @staticmethod
    def said_by(ladder: Ladder) -> dict[str, Any]:
        """Return tiers as the form shows them."""
        shown: dict[str, Any] = {
            "period": ladder.period,
            "basis": ladder.basis,
            "grace_days": ladder.grace_days,
        }
        scale = CENTS if ladder.basis == TierBasis.SPEND else 1
        for tier in ladder.tiers:
            shown |= {
                f"name_nl_{tier.key}": tier.name.nl,
                f"name_en_{tier.key}": tier.name.en,
                f"threshold_{tier.key}": tier.threshold // scale,
                f"keep_{tier.key}": tier.keep // scale,
                f"times_{tier.key}": Decimal(tier.times_milli) / ONCE,
            }
        return shown


def _text(label: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=20, required=False)


def _number(label: Any, help_text: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, min_value=0, max_value=10_000_000, required=False, help_text=help_text
    )


def _tier(said: Mapping[str, Any], place: int, scale: int) -> Tier:
    threshold = said[f"threshold_{place}"]
    keep = said[f"keep_{place}"]
    return Tier(
        key=place,
        name=Texts(nl=said[f"name_nl_{place}"], en=said[f"name_en_{place}"]),
        threshold=threshold * scale,
        keep=(threshold if keep is None else keep) * scale,
        times_milli=int((said[f"times_{place}"] or 1) * ONCE),
    )
