"""What a retailer fills in of an offer; money in euros, as people say it."""

from datetime import date, time
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from loyalty.actions.put_offer import DO_NOT_COMBINE, OfferTerms
from loyalty.engine import Texts
from loyalty.models import Offer, OfferKind, Target
from okplatform.trade.models import Category

CENTS = 100
BASIS_POINTS_PER_PERCENT = 100
MINUTES = 60
CLOCK = forms.TimeInput(format="%H:%M", attrs={"type": "time"})

KINDS = (
    (OfferKind.PERCENTAGE, _("A percentage off")),
    (OfferKind.AMOUNT_OFF, _("Money off: € 1 off each, or € 5 off the basket")),
    (OfferKind.FIXED_PRICE, _("Another price: for € 2.50 each")),
    (OfferKind.NTH, _("One cheaper or free: 2 + 1 free, the 4th at half price")),
    (OfferKind.SET_PRICE, _("Several for one price: 3 for € 5")),
    (OfferKind.BUNDLE, _("Together for one price: a coffee and a roll for € 4")),
    (OfferKind.STAMPS, _("A stamp card: the 10th coffee free")),
)
ON_PIECES = {
    OfferKind.FIXED_PRICE,
    OfferKind.NTH,
    OfferKind.SET_PRICE,
    OfferKind.BUNDLE,
    OfferKind.STAMPS,
}

_PERCENTAGE = {"percentage": _("Fill in how much goes off.")}
_AMOUNT = {"amount": _("Fill in an amount above zero.")}
_PIECES = {"pieces": _("Fill in how many pieces it takes.")}
NUMBERS: dict[str, dict[str, Any]] = {
    OfferKind.PERCENTAGE: _PERCENTAGE,
    OfferKind.AMOUNT_OFF: _AMOUNT,
    OfferKind.FIXED_PRICE: _AMOUNT,
    OfferKind.NTH: _PERCENTAGE | _PIECES,
    OfferKind.SET_PRICE: _AMOUNT | _PIECES,
    OfferKind.STAMPS: _PERCENTAGE | _PIECES,
    OfferKind.BUNDLE: _AMOUNT | {"also": _("Name at least one product that goes with it.")},
}
"""The fields of each kind, with what to say where one is empty."""


def _euros(label: Any, **more: Any) -> forms.DecimalField:
    return forms.DecimalField(label=label, min_value=0, decimal_places=2, max_digits=11, **more)


class OfferForm(forms.Form):
    """What is taken off the basket, categories or products, in the words of a shop."""

    kind = forms.ChoiceField(
        label=_("What you give"),
        choices=KINDS,
        initial=OfferKind.PERCENTAGE,
        required=False,
        widget=forms.RadioSelect,
    )
    name_nl = forms.CharField(label=_("On the receipt, in Dutch"), max_length=40)
    name_en = forms.CharField(label=_("On the receipt, in English"), max_length=40)
    percentage = forms.DecimalField(
        label=_("Percentage off"),
        min_value=Decimal("0.01"),
        max_value=100,
        decimal_places=2,
        required=False,
        help_text=_("100 is free."),
    )
    amount = _euros(_("Amount in euros"), required=False)
    pieces = forms.IntegerField(
        label=_("How many pieces"),
        min_value=2,
        max_value=100,
        required=False,
        help_text=_("For 2 + 1 free this is 3, for the 4th at half price 4, for the 10th free 10."),
    )
    also = forms.CharField(
        label=_("Together with"),
        required=False,
        help_text=_("The SKUs of the other products, with a space between; one of them."),
    )
    per_visit = forms.BooleanField(
        label=_("One stamp for each purchase, however many pieces are in it"), required=False
    )
    lapse_days = forms.IntegerField(
        label=_("Stamps end after so many days without a new one"),
        min_value=1,
        max_value=3_650,
        required=False,
        help_text=_("Leave it empty and they stay."),
    )
    target = forms.ChoiceField(
        label=_("On what"),
        choices=Target.choices,
        initial=Target.BASKET,
        widget=forms.RadioSelect,
    )
    categories = forms.MultipleChoiceField(
        label=_("Categories"),
        required=False,
        help_text=_("What lies below a category counts too."),
    )
    products = forms.CharField(
        label=_("Products"),
        required=False,
        help_text=_("Their SKUs, with a space between."),
    )
    first_day = forms.DateField(
        label=_("First day"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    last_day = forms.DateField(
        label=_("Last day"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Only on these days"),
        choices=list(WEEKDAYS.items()),
        coerce=int,
        required=False,
        help_text=_("Choose none for every day."),
    )
    from_time = forms.TimeField(label=_("From what time"), required=False, widget=CLOCK)
    to_time = forms.TimeField(
        label=_("Until what time"),
        required=False,
        widget=CLOCK,
        help_text=_("By the clock in the store. Earlier than the start is the next day."),
    )
    most = forms.IntegerField(
        label=_("At most per basket"),
        min_value=1,
        required=False,
        help_text=_("In pieces, or in sets."),
    )
    min_basket = _euros(_("From an amount of, in euros"), required=False)
    members_only = forms.BooleanField(label=_("For members only"), required=False)
    per_person = forms.IntegerField(
        label=_("At most per customer, in baskets"),
        min_value=1,
        required=False,
        help_text=_("Then it is for members only: we count for whom we know."),
    )
    per_person_amount = _euros(_("At most per customer, in euros"), required=False)
    joined_within = forms.IntegerField(
        label=_("Only for new members, for so many days after joining"),
        min_value=1,
        max_value=3_650,
        required=False,
    )
    black_out = forms.CharField(
        label=_("Not on these days"),
        required=False,
        help_text=_("Days such as 2026-12-24, with a space between."),
    )
    assigned = forms.BooleanField(
        label=_("A personal offer, for members whom you give it to"),
        required=False,
        help_text=_("You choose them after saving, by what they bought."),
    )
    by_code = forms.BooleanField(
        label=_("Only for who shows a code"),
        required=False,
        help_text=_("You make the codes after saving."),
    )
    gives_back = forms.BooleanField(
        label=_("A used code comes back when all of its goods do"), required=False, initial=True
    )
    combines = forms.BooleanField(label=_("Combines with other offers"), required=False)
    budget = _euros(
        _("At most, in euros"),
        required=False,
        help_text=_("When this much has been given, the offer stops by itself, to the cent."),
    )
    uses = forms.IntegerField(label=_("At most, in baskets"), min_value=1, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the merchant's own categories; its scope is open."""
        super().__init__(*args, **kwargs)
        categories = Category.objects.order_by("name").values_list("reference", "name")
        self.fields["categories"].choices = list(categories)  # type: ignore[attr-defined]  # the stubs see a plain field

    def clean_kind(self) -> str:
        """Return the kind; nothing chosen is a percentage."""
        return self.cleaned_data["kind"] or OfferKind.PERCENTAGE.value

    def clean_black_out(self) -> tuple[date, ...]:
        """Return the days on which it does not count; raises for one that is none."""
        found = set()
        for text in _skus(self.cleaned_data["black_out"]):
            try:
                found.add(date.fromisoformat(text))
            except ValueError as error:
                sentence = _("“{text}” is no day. Write it as 2026-12-24.").format(text=text)
                raise forms.ValidationError(sentence) from error
        return tuple(sorted(found))

    @override
    def clean(self) -> dict[str, Any]:
        """Say what does not go together, beside the field where it can be mended."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        self._say_what_misses(said)
        if said.get("target") == Target.BASKET and said.get("kind") in ON_PIECES:
            self.add_error("kind", _("This is given on products or categories. Choose which."))
        if said.get("target") == Target.BASKET and said.get("most"):
            self.add_error("most", _("This counts pieces of products or categories only."))
        if set(_skus(said.get("also", ""))) & set(_skus(said.get("products", ""))):
            self.add_error("also", _("A product cannot go together with itself."))
        first, last = said.get("first_day"), said.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("The last day lies before the first."))
        if said.get("assigned") and said.get("by_code"):
            self.add_error("by_code", _("A personal offer needs no code. Choose one of the two."))
        if said.get("kind") == OfferKind.STAMPS and (said.get("assigned") or said.get("by_code")):
            field = "by_code" if said.get("by_code") else "assigned"
            self.add_error(field, _("A stamp card is for every member. Leave this out."))
        self._check_hours(said)
        return said

    def _say_what_misses(self, said: dict[str, Any]) -> None:
        wanted = {**NUMBERS.get(said.get("kind", ""), {})}
        if said.get("target") == Target.CATEGORIES:
            wanted["categories"] = _("Choose at least one category.")
        if said.get("target") == Target.PRODUCTS:
            wanted["products"] = _("Name at least one product.")
        for field, sentence in wanted.items():
            if not said.get(field) and field not in self.errors:
                self.add_error(field, sentence)

    def _check_hours(self, said: dict[str, Any]) -> None:
        start, end = said.get("from_time"), said.get("to_time")
        if (start is None) != (end is None):
            self.add_error("to_time", _("Fill in both times, or neither."))
        elif start is not None and start == end:
            self.add_error("to_time", _("It ends when it starts. Choose another time."))

    def terms(self) -> OfferTerms:
        """Return what a valid form says; a number that its kind does not have is left out."""
        said = self.cleaned_data
        references = {
            Target.CATEGORIES: tuple(said["categories"]),
            Target.PRODUCTS: _skus(said["products"]),
        }
        target, kind = Target(said["target"]), OfferKind(said["kind"])
        numbers = {field: said[field] for field in NUMBERS[kind]}
        percentage = numbers.get("percentage")
        return OfferTerms(
            name=Texts(nl=said["name_nl"], en=said["name_en"]),
            kind=kind,
            percentage_bp=int(percentage * BASIS_POINTS_PER_PERCENT) if percentage else None,
            amount=_cents(numbers.get("amount")),
            pieces=numbers.get("pieces"),
            also_references=_skus(numbers.get("also", "")),
            per_visit=said["per_visit"] and kind == OfferKind.STAMPS,
            lapse_days=said["lapse_days"] if kind == OfferKind.STAMPS else None,
            target=target,
            target_references=references.get(target, ()),
            first_day=said["first_day"],
            last_day=said["last_day"],
            weekdays=tuple(said["weekdays"]),
            from_minute=_minute(said["from_time"]),
            to_minute=_minute(said["to_time"]),
            most=said["most"],
            members_only=said["members_only"],
            min_basket=_cents(said["min_basket"]) or 0,
            per_person=said["per_person"],
            per_person_amount=_cents(said["per_person_amount"]),
            joined_within=said["joined_within"],
            black_out=said["black_out"],
            assigned=said["assigned"],
            by_code=said["by_code"],
            gives_back=said["gives_back"] or not said["by_code"],
            budget=_cents(said["budget"]),
            uses=said["uses"],
            exclusivity_group="" if said["combines"] else DO_NOT_COMBINE,
        )

    @staticmethod
    def said_by(offer: Offer) -> dict[str, Any]:
        """Return an offer as the form shows it."""
        on_categories = offer.target == Target.CATEGORIES
        share = offer.percentage_bp
        return {
            "kind": offer.kind,
            "name_nl": offer.name["nl"],
            "name_en": offer.name["en"],
            "percentage": Decimal(share) / BASIS_POINTS_PER_PERCENT if share else None,
            "amount": _in_euros(offer.amount),
            "pieces": offer.pieces,
            "also": " ".join(offer.also_references),
            "per_visit": offer.per_visit,
            "lapse_days": offer.lapse_days,
            "target": offer.target,
            "categories": offer.target_references if on_categories else [],
            "products": "" if on_categories else " ".join(offer.target_references),
            "first_day": offer.first_day,
            "last_day": offer.last_day,
            "weekdays": offer.weekdays,
            "from_time": _time(offer.from_minute),
            "to_time": _time(offer.to_minute),
            "most": offer.most,
            "min_basket": _in_euros(offer.min_basket),
            "members_only": offer.members_only,
            "per_person": offer.per_person,
            "per_person_amount": _in_euros(offer.per_person_amount),
            "joined_within": offer.joined_within,
            "black_out": " ".join(day.isoformat() for day in offer.black_out),
            "assigned": offer.assigned,
            "by_code": offer.by_code,
            "gives_back": offer.gives_back,
            "combines": not offer.exclusivity_group,
            "budget": _in_euros(offer.budget),
            "uses": offer.uses,
        }


def _skus(text: str) -> tuple[str, ...]:
    return tuple(text.replace(",", " ").split())


def _minute(at: time | None) -> int | None:
    return None if at is None else at.hour * MINUTES + at.minute


def _time(minute: int | None) -> time | None:
    return None if minute is None else time(*divmod(minute % (24 * MINUTES), MINUTES))


def _cents(euros: Decimal | None) -> int | None:
    """Return an amount in minor units; nothing filled in, or zero, is none."""
    return int(euros * CENTS) if euros else None


def _in_euros(cents: int | None) -> Decimal | None:
    return Decimal(cents).scaleb(-2) if cents else None
