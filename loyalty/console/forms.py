"""What a retailer fills in; money in euros and points per euro, as people say them."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from loyalty.actions.publish_programme import ProgrammeTerms
from loyalty.actions.put_offer import DO_NOT_COMBINE, OfferTerms
from loyalty.engine import ONE_POINT_PER_EURO, Texts
from loyalty.models import Offer, Programme, Target
from okplatform.trade.models import Category

CENTS = 100
BASIS_POINTS_PER_PERCENT = 100


class ProgrammeForm(forms.Form):
    """A points programme, its texts in both languages."""

    name = forms.CharField(label=_("Name of the programme"), max_length=80)
    points_per_euro = forms.DecimalField(
        label=_("Points per euro"),
        min_value=Decimal("0.1"),
        max_value=100,
        decimal_places=1,
        help_text=_("On what was really paid. What is too little for a point counts next time."),
    )
    points_nl = forms.CharField(label=_("What you call points, in Dutch"), max_length=20)
    points_en = forms.CharField(label=_("What you call points, in English"), max_length=20)
    terms_nl = forms.CharField(label=_("Terms, in Dutch"), widget=forms.Textarea({"rows": 5}))
    terms_en = forms.CharField(label=_("Terms, in English"), widget=forms.Textarea({"rows": 5}))

    def promise(self) -> ProgrammeTerms:
        """Return what a valid form promises."""
        said = self.cleaned_data
        return ProgrammeTerms(
            name=said["name"],
            points_name=Texts(nl=said["points_nl"], en=said["points_en"]),
            milli_points_per_cent=int(said["points_per_euro"] * ONE_POINT_PER_EURO),
            terms=Texts(nl=said["terms_nl"], en=said["terms_en"]),
        )

    @staticmethod
    def said_by(programme: Programme) -> dict[str, Any]:
        """Return a published programme as the form shows it."""
        return {
            "name": programme.name,
            "points_per_euro": Decimal(programme.milli_points_per_cent) / ONE_POINT_PER_EURO,
            "points_nl": programme.points_name["nl"],
            "points_en": programme.points_name["en"],
            "terms_nl": programme.terms["nl"],
            "terms_en": programme.terms["en"],
        }


def _euros(label: Any, **more: Any) -> forms.DecimalField:
    return forms.DecimalField(label=label, min_value=0, decimal_places=2, max_digits=11, **more)


class OfferForm(forms.Form):
    """A percentage off the basket, categories or products."""

    name_nl = forms.CharField(label=_("On the receipt, in Dutch"), max_length=40)
    name_en = forms.CharField(label=_("On the receipt, in English"), max_length=40)
    percentage = forms.DecimalField(
        label=_("Percentage off"), min_value=Decimal("0.01"), max_value=100, decimal_places=2
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
    min_basket = _euros(_("From an amount of, in euros"), required=False)
    members_only = forms.BooleanField(label=_("For members only"), required=False)
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

    @override
    def clean(self) -> dict[str, Any]:
        """Say what does not go together, beside the field where it can be mended."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if said.get("target") == Target.CATEGORIES and not said.get("categories"):
            self.add_error("categories", _("Choose at least one category."))
        if said.get("target") == Target.PRODUCTS and not said.get("products"):
            self.add_error("products", _("Name at least one product."))
        first, last = said.get("first_day"), said.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("The last day lies before the first."))
        return said

    def terms(self) -> OfferTerms:
        """Return what a valid form says."""
        said = self.cleaned_data
        references = {
            Target.CATEGORIES: tuple(said["categories"]),
            Target.PRODUCTS: tuple(said["products"].replace(",", " ").split()),
        }
        target = Target(said["target"])
        return OfferTerms(
            name=Texts(nl=said["name_nl"], en=said["name_en"]),
            percentage_bp=int(said["percentage"] * BASIS_POINTS_PER_PERCENT),
            target=target,
            target_references=references.get(target, ()),
            first_day=said["first_day"],
            last_day=said["last_day"],
            members_only=said["members_only"],
            min_basket=_cents(said["min_basket"]) or 0,
            budget=_cents(said["budget"]),
            uses=said["uses"],
            exclusivity_group="" if said["combines"] else DO_NOT_COMBINE,
        )

    @staticmethod
    def said_by(offer: Offer) -> dict[str, Any]:
        """Return an offer as the form shows it."""
        on_categories = offer.target == Target.CATEGORIES
        return {
            "name_nl": offer.name["nl"],
            "name_en": offer.name["en"],
            "percentage": Decimal(offer.percentage_bp) / BASIS_POINTS_PER_PERCENT,
            "target": offer.target,
            "categories": offer.target_references if on_categories else [],
            "products": "" if on_categories else " ".join(offer.target_references),
            "first_day": offer.first_day,
            "last_day": offer.last_day,
            "min_basket": _in_euros(offer.min_basket),
            "members_only": offer.members_only,
            "combines": not offer.exclusivity_group,
            "budget": _in_euros(offer.budget),
            "uses": offer.uses,
        }


def _cents(euros: Decimal | None) -> int | None:
    """Return an amount in minor units; nothing filled in, or zero, is none."""
    return int(euros * CENTS) if euros else None


def _in_euros(cents: int | None) -> Decimal | None:
    return Decimal(cents).scaleb(-2) if cents else None
