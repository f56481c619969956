"""Rewards: what points buy, made, paused and had again, on one page."""

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Max, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from typing_extensions import override

from loyalty.actions.put_reward import RewardTerms, RewardUnknown, put_reward, turn_reward
from loyalty.console.handing_out import COUNTER
from loyalty.console.permission import RULE_MAKERS
from loyalty.engine import MILLI, Texts
from loyalty.models import Donation, OfferState, Programme, Reward, RewardKind, Target
from okplatform.kernel import clock
from okplatform.kernel.audit import Actor
from okplatform.kernel.errors import Refusal
from okplatform.kernel.modes import Mode
from okplatform.kernel.money import BASIS_POINTS, MINOR_UNITS, half_up
from okplatform.trade.models import Category, Product
from okplatform.web import formats
from okplatform.web.views import StaffPage

MOST_POINTS = 10_000_000
GENEROUS_BP = 1_000
"""Who gives more than this part of what the points were earned with is asked if that is meant."""
OF_MONEY = (RewardKind.MONEY_OFF, RewardKind.DONATION, RewardKind.GIFT_CARD)


class RewardForm(forms.Form):
    """A reward, in the words of a shop."""

    name_nl = forms.CharField(label=gettext_lazy("What it is, in Dutch"), max_length=80)
    name_en = forms.CharField(label=gettext_lazy("What it is, in English"), max_length=80)
    kind = forms.ChoiceField(label=gettext_lazy("What it gives"), choices=RewardKind.choices)
    cost = forms.IntegerField(
        label=gettext_lazy("Points it costs"), min_value=1, max_value=MOST_POINTS
    )
    amount = forms.DecimalField(
        label=gettext_lazy("Amount in euros"),
        min_value=Decimal("0.01"),
        max_value=100_000,
        decimal_places=2,
        required=False,
        help_text=gettext_lazy("Of money off or a gift card, or what you give the charity."),
    )
    products = forms.CharField(
        label=gettext_lazy("Products, or the article that delivery is"),
        required=False,
        help_text=gettext_lazy("Their SKUs, with a space between; one piece of them is free."),
    )
    categories = forms.MultipleChoiceField(
        label=gettext_lazy("Or categories"), required=False, widget=forms.CheckboxSelectMultiple
    )
    charity = forms.CharField(label=gettext_lazy("Charity"), max_length=80, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the merchant's own categories; its scope is open."""
        super().__init__(*args, **kwargs)
        known = Category.objects.order_by("name").values_list("reference", "name")
        self.fields["categories"].choices = list(known)  # type: ignore[attr-defined]  # the stubs see a plain field

    @override
    def clean(self) -> dict[str, Any]:
        """Ask for what its kind needs."""
        said: dict[str, Any] = super().clean() or {}
        kind, skus = said.get("kind"), said.get("products", "").split()
        if kind in OF_MONEY and not said.get("amount") and "amount" not in self.errors:
            self.add_error("amount", _("Say how much, such as 5."))
        if kind == RewardKind.DONATION and not said.get("charity"):
            self.add_error("charity", _("Say who gets the money."))
        if kind not in OF_MONEY and bool(skus) == bool(said.get("categories")):
            self.add_error("products", _("Name products, or choose categories: one of the two."))
        known = set(Product.objects.filter(sku__in=skus).values_list("sku", flat=True))
        if unknown := sorted(set(skus) - known):
            sentence = _("Your catalogue does not have: {unknown}.")
            self.add_error("products", sentence.format(unknown=", ".join(unknown)))
        return said

    def terms(self) -> RewardTerms:
        """Return what a valid form says."""
        said = self.cleaned_data
        kind = RewardKind(said["kind"])
        skus = tuple(dict.fromkeys(said["products"].split()))
        of_money = kind in OF_MONEY
        return RewardTerms(
            name=Texts(nl=said["name_nl"], en=said["name_en"]),
            kind=kind,
            cost=said["cost"],
            amount=int(said["amount"] * MINOR_UNITS) if of_money else 0,
            target=Target.PRODUCTS if skus or of_money else Target.CATEGORIES,
            target_references=() if of_money else skus or tuple(said["categories"]),
            charity=said["charity"] if kind is RewardKind.DONATION else "",
        )


class RewardsConsole(StaffPage):
    """Lists rewards, and makes one."""

    required_permission = RULE_MAKERS
    template_name = "loyalty/console_rewards.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the rewards, what is owed to charities, and the form."""
        kwargs.setdefault("form", RewardForm())
        given = Donation.objects.filter(mode=Mode.LIVE.value)
        owed = dict(given.values_list("reward").annotate(amount=Sum("amount")).order_by())
        return super().get_context_data(
            rewards=[
                (one, one.name[formats.language()], owed.get(one.pk, 0))
                for one in Reward.objects.order_by("state", "cost", "pk")
            ],
            hands_out=self.membership.role in COUNTER.roles,
            back=reverse("loyalty:console-programme", args=[self.merchant.reference]),
            **kwargs,
        )

    def post(self, request: HttpRequest, **_address: Any) -> HttpResponse:
        """Make the reward, once what is doubtful about it is meant."""
        form = RewardForm(request.POST)
        if not form.is_valid():
            return self._again(form)
        terms = form.terms()
        if "sure" not in request.POST and (doubts := _doubts(terms, self.merchant.currency)):
            return self._again(form, doubts=doubts)
        try:
            put_reward(
                merchant_id=self.merchant.pk,
                terms=terms,
                actor=Actor(kind="membership", id=str(self.membership.pk)),
                now=clock.now(),
            )
        except Refusal as refusal:
            form.add_error("amount", refusal.detail)
            return self._again(form)
        messages.success(request, _("Made. Members see it on your card in OK."))
        return redirect("loyalty:console-rewards", merchant=self.merchant.reference)

    def _again(self, form: RewardForm, **kwargs: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form, **kwargs), status=422)


class RewardTurn(StaffPage):
    """Pauses a reward, or lets it be had again; it has no page of its own."""

    required_permission = RULE_MAKERS
    http_method_names = ("post",)

    def post(self, request: HttpRequest, *, reward_id: int, **_address: Any) -> HttpResponse:
        """Turn it, and show the list."""
        try:
            turn_reward(
                merchant_id=self.merchant.pk,
                reward_id=reward_id,
                to=OfferState.ACTIVE if "resume" in request.POST else OfferState.PAUSED,
                actor=Actor(kind="membership", id=str(self.membership.pk)),
                now=clock.now(),
            )
        except RewardUnknown as refusal:
            messages.error(request, refusal.detail)
        return redirect("loyalty:console-rewards", merchant=self.merchant.reference)


def _doubts(terms: RewardTerms, currency: str) -> list[str]:
    """Say what is doubtful: nobody has points, or it gives much of what was paid for them back."""
    programme = Programme.objects.first()
    if programme is None:
        return [_("Nobody can have this yet: there is no programme that gives points.")]
    paid = half_up(terms.cost * MILLI, programme.milli_points_per_cent)
    worth = terms.amount or _dearest(terms)
    if worth * BASIS_POINTS <= paid * GENEROUS_BP:
        return []
    sentence = _("Who has these points paid {paid} for them, and gets {worth} for it.")
    return [
        sentence.format(paid=formats.money(paid, currency), worth=formats.money(worth, currency))
    ]


def _dearest(terms: RewardTerms) -> int:
    """Return what the dearest of the goods costs, by the catalogue."""
    goods = Product.objects.filter(sku__in=terms.target_references)
    if terms.target == Target.CATEGORIES:
        goods = Product.objects.filter(category__reference__in=terms.target_references)
    return int(goods.aggregate(most=Max("price"))["most"] or 0)
