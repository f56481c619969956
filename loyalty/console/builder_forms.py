"""What a retailer tells the builder: three numbers and a trade; then the scheme itself."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from loyalty.builder.scheme import (
    ROUND_POINTS,
    Answers,
    Goods,
    Often,
    SchemeContent,
    Slot,
    Trade,
)
from loyalty.builder.trades import Proposal, ProposedOffer, propose
from loyalty.engine import MILLI, ONE_POINT_PER_EURO
from okplatform.kernel.money import MINOR_UNITS
from okplatform.web import formats

TRADES = (
    (Trade.BAKERY, _("Bakery")),
    (Trade.GREENGROCER, _("Greengrocer")),
    (Trade.CAFE, _("Café")),
    (Trade.CLOTHES, _("Clothes")),
    (Trade.MARKET_STALL, _("Market stall")),
    (Trade.CHAIN, _("Chain")),
    (Trade.OTHER, _("Something else")),
)
OFTEN = (
    (Often.DAILY, _("Nearly every day")),
    (Often.WEEKLY, _("Every week")),
    (Often.MONTHLY, _("Every month")),
    (Often.SOMETIMES, _("A few times a year")),
)
PERCENT = 100


class AmountField(forms.DecimalField):
    """An amount or a percentage as people type it, with a comma or a point."""

    def __init__(self, **more: Any) -> None:
        """Offer the keys for digits."""
        attrs = {"inputmode": "decimal", "autocomplete": "off"}
        super().__init__(widget=forms.TextInput(attrs=attrs), **more)

    @override
    def to_python(self, value: Any) -> Any:
        """Read what was typed; raises ``ValidationError``."""
        said = str(value if value is not None else "").strip().strip("€% ").replace(",", ".")
        return super().to_python(said)


class AnswersForm(forms.Form):
    """The trade, and the three questions."""

    trade = forms.ChoiceField(label=_("What you sell"), choices=TRADES, widget=forms.RadioSelect)
    often = forms.ChoiceField(
        label=_("How often does a regular customer come?"), choices=OFTEN, widget=forms.RadioSelect
    )
    margin = AmountField(
        label=_("Your margin, in percent"),
        min_value=1,
        max_value=90,
        decimal_places=1,
        help_text=_("What stays of € 100 in the till once the goods are paid."),
    )
    basket = AmountField(
        label=_("A normal basket, in euros"),
        min_value=Decimal("0.50"),
        max_value=100_000,
        decimal_places=2,
        help_text=_("What most customers pay at once."),
    )

    def answers(self) -> Answers:
        """Return what a valid form says."""
        said = self.cleaned_data
        return Answers(
            trade=Trade(said["trade"]),
            often=Often(said["often"]),
            margin_bp=int(said["margin"] * PERCENT),
            basket=int(said["basket"] * MINOR_UNITS),
        )

    @staticmethod
    def said_by(answers: Answers) -> dict[str, Any]:
        """Return answers as the form shows them."""
        return {
            "trade": answers.trade.value,
            "often": answers.often.value,
            "margin": _plain(answers.margin_bp, PERCENT),
            "basket": _plain(answers.basket, MINOR_UNITS),
        }


class SchemeForm(forms.Form):
    """The proposal's own numbers, to be changed; an offer's fields begin with its slot."""

    points_per_euro = AmountField(
        label=_("Points per euro"), min_value=Decimal("0.1"), max_value=100, decimal_places=1
    )
    worth = AmountField(
        label=_("What 100 points are worth, in euros"),
        min_value=Decimal("0.01"),
        max_value=1_000,
        decimal_places=2,
    )
    redeemed = AmountField(
        label=_("How much of the points will be spent, in percent"),
        min_value=1,
        max_value=100,
        decimal_places=1,
        help_text=_("Nobody knows yet; nearly all is the careful answer."),
    )

    def __init__(self, *args: Any, answers: Answers, goods: Sequence[Goods], **more: Any) -> None:
        """Offer the fields of what these answers' trade is offered; see ``propose``."""
        super().__init__(*args, **more)
        self.answers, self.goods = answers, goods
        self.offered = propose(answers, goods).offers
        for offer in self.offered:
            self.fields |= _offer_fields(offer, goods)

    def parts(self) -> list[tuple[str, list[forms.BoundField]]]:
        """Return the offers' fields, by slot."""
        return [
            (offer.slot.value, [self[name] for name in _offer_fields(offer, self.goods)])
            for offer in self.offered
        ]

    @override
    def clean(self) -> dict[str, Any]:
        """Say beside its field what an offer needs."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        for offer in self.offered:
            slot = offer.slot.value
            if not said.get(f"{slot}_on"):
                continue
            for name in _offer_fields(offer, self.goods):
                if (
                    said.get(name) in (None, "")
                    and name not in self.errors
                    and "budget" not in name
                ):
                    self.add_error(name, _("Fill this in, or leave the offer out."))
            least, amount = said.get(f"{slot}_from"), said.get(f"{slot}_amount")
            if least and amount and amount >= least:
                self.add_error(f"{slot}_from", _("This would be free. Start at a higher amount."))
        return said

    def proposal(self) -> Proposal:
        """Return what a valid form says."""
        said = self.cleaned_data
        return Proposal(
            milli_points_per_cent=int(said["points_per_euro"] * ONE_POINT_PER_EURO),
            worth=int(said["worth"] * MINOR_UNITS) * MILLI // ROUND_POINTS,
            redeemed_bp=int(said["redeemed"] * PERCENT),
            offers=tuple(
                _offer_of(offer, said, self.goods)
                for offer in self.offered
                if said[f"{offer.slot.value}_on"]
            ),
        )

    @staticmethod
    def said_by(content: SchemeContent, goods: Sequence[Goods]) -> dict[str, Any]:
        """Return a scheme as the form shows it; what it left out is as it would be proposed."""
        shown: dict[str, Any] = {
            "points_per_euro": _plain(content.milli_points_per_cent, ONE_POINT_PER_EURO),
            "worth": _plain(content.worth_of_round, MINOR_UNITS),
            "redeemed": _plain(content.redeemed_bp, PERCENT),
        }
        kept = {offer.slot: offer for offer in content.offers}
        for proposed in propose(content.answers, goods).offers:
            slot = proposed.slot.value
            offer = kept.get(proposed.slot, proposed)
            shown[f"{slot}_on"] = proposed.slot in kept
            if offer.goods is not None:
                shown[f"{slot}_goods"] = offer.goods.reference
                shown[f"{slot}_size"] = offer.size
            elif offer.percentage_bp is not None:
                shown[f"{slot}_percentage"] = _plain(offer.percentage_bp, PERCENT)
                shown[f"{slot}_day"] = offer.weekdays[0]
            else:
                shown[f"{slot}_amount"] = _plain(offer.amount or 0, MINOR_UNITS)
                shown[f"{slot}_from"] = _plain(offer.min_basket, MINOR_UNITS)
                shown[f"{slot}_budget"] = offer.budget and _plain(offer.budget, MINOR_UNITS)
        return shown


class PublishForm(forms.Form):
    """When it begins, and whether what is sold below cost is meant."""

    starts_at = forms.DateTimeField(
        label=_("Starts"),
        required=False,
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
        help_text=_("Leave empty to start now."),
    )
    accepts_loss = forms.BooleanField(
        label=_("Publish it although some baskets are sold below cost"), required=False
    )

    def __init__(self, *args: Any, now: datetime, **more: Any) -> None:
        """Hold the start to what lies ahead."""
        super().__init__(*args, **more)
        self.now = now

    def clean_starts_at(self) -> datetime | None:
        """Refuse a moment that has passed."""
        moment: datetime | None = self.cleaned_data["starts_at"]
        if moment is not None and moment <= self.now:
            raise forms.ValidationError(_("That moment has passed. Leave it empty to start now."))
        return moment


def _offer_fields(offer: ProposedOffer, goods: Sequence[Goods]) -> dict[str, forms.Field]:
    slot = offer.slot.value
    fields: dict[str, forms.Field] = {
        f"{slot}_on": forms.BooleanField(label=_("Give this offer"), required=False)
    }
    if offer.slot is Slot.QUIET_DAY:
        fields[f"{slot}_percentage"] = AmountField(
            label=_("Percentage off"), min_value=1, max_value=90, decimal_places=1, required=False
        )
        fields[f"{slot}_day"] = forms.TypedChoiceField(
            label=_("On this day"), choices=list(WEEKDAYS.items()), coerce=int, required=False
        )
        return fields
    if offer.slot is Slot.STAMP_CARD:
        choices = [(one.reference, one.name) for one in goods]
        fields[f"{slot}_goods"] = forms.ChoiceField(
            label=_("What gives a stamp"), choices=choices, required=False
        )
        fields[f"{slot}_size"] = forms.IntegerField(
            label=_("Which one is free"),
            min_value=2,
            max_value=100,
            required=False,
            help_text=_("For the 10th coffee free this is 10."),
        )
        return fields
    euros: Mapping[str, Any] = {
        f"{slot}_amount": _("Amount off, in euros"),
        f"{slot}_from": _("From an amount of, in euros"),
        f"{slot}_budget": _("At most, in euros"),
    }
    for name, label in euros.items():
        fields[name] = AmountField(
            label=label,
            min_value=Decimal("0.01"),
            max_value=1_000_000,
            decimal_places=2,
            required=False,
        )
    return fields


def _offer_of(
    offer: ProposedOffer, said: Mapping[str, Any], goods: Sequence[Goods]
) -> ProposedOffer:
    slot = offer.slot.value
    if offer.slot is Slot.STAMP_CARD:
        counted = next(one for one in goods if one.reference == said[f"{slot}_goods"])
        return offer._replace(size=said[f"{slot}_size"], goods=counted)
    if offer.slot is Slot.QUIET_DAY:
        share = int(said[f"{slot}_percentage"] * PERCENT)
        return offer._replace(percentage_bp=share, weekdays=(said[f"{slot}_day"],))
    budget = said[f"{slot}_budget"]
    return offer._replace(
        amount=int(said[f"{slot}_amount"] * MINOR_UNITS),
        min_basket=int(said[f"{slot}_from"] * MINOR_UNITS),
        budget=int(budget * MINOR_UNITS) if budget else None,
    )


def _plain(number: int, parts: int) -> str:
    """Write a number as the reader types it: two digits where there are cents, no zeros else."""
    value = Decimal(number) / parts
    cents = parts == MINOR_UNITS and value != value.to_integral_value()
    written = f"{value:.2f}" if cents else f"{value.normalize():f}"
    return written if formats.language() == "en" else written.replace(".", ",")
