"""A gift card for points, handed out at the counter: by the customer's code, printed from here."""

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from typing_extensions import override

from loyalty.actions.take_gift_card import take_gift_card
from loyalty.models import OfferState, Reward, RewardKind
from loyalty.queries.moves import member_of_person
from okplatform.kernel import clock
from okplatform.kernel.audit import Actor
from okplatform.kernel.errors import Refusal
from okplatform.parties.models import Role
from okplatform.web import formats
from okplatform.web.permissions import staff
from okplatform.web.views import StaffPage
from payments.chart import EUR
from payments.gift_card_numbers import written
from payments.gift_cards import number_of, pin_of
from payments.models import GiftCard
from wallet.actions.identify import identify
from wallet.symbols import symbol_of

COUNTER = staff(Role.OWNER, Role.MANAGER, Role.CASHIER)


class HandOutForm(forms.Form):
    """Whose points, for which card; ``uuid`` so that sent twice it is one card."""

    code = forms.CharField(
        label=gettext_lazy("OK code of the customer"),
        max_length=64,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=gettext_lazy("Scan it, or type it. You do not see who it is."),
    )
    reward = forms.ChoiceField(label=gettext_lazy("Gift card"), widget=forms.RadioSelect)
    uuid = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the merchant's gift cards for points; its scope is open."""
        super().__init__(*args, **kwargs)
        sentence = _("{name}: {amount} for {points} points")
        self.fields["reward"].choices = [  # type: ignore[attr-defined]  # the stubs see a plain field
            (
                str(one.pk),
                sentence.format(
                    name=one.name[formats.language()],
                    amount=formats.money(one.amount, EUR),
                    points=formats.number(one.cost),
                ),
            )
            for one in Reward.objects.filter(
                kind=RewardKind.GIFT_CARD, state=OfferState.ACTIVE
            ).order_by("cost", "pk")
        ]


class HandOutConsole(StaffPage):
    """Takes the points and shows the card once, to print; the customer finds it in OK too."""

    required_permission = COUNTER
    template_name = "loyalty/console_hand_out.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the form."""
        kwargs.setdefault("form", HandOutForm(initial={"uuid": uuid4()}))
        return super().get_context_data(**kwargs)

    def post(self, request: HttpRequest, **_address: Any) -> HttpResponse:
        """Hand it out; what is wrong is said beside the code."""
        form = HandOutForm(request.POST)
        if form.is_valid():
            try:
                card = self._take(**form.cleaned_data)
            except Refusal as refusal:
                form.add_error("code", refusal.detail)
            else:
                return self.render_to_response(self.get_context_data(**_shown(card)))
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def _take(self, *, code: str, reward: str, uuid: UUID) -> GiftCard:
        now, mode = clock.now(), self.person.mode
        person_id = identify(
            code=code.strip(),
            merchant_id=self.merchant.pk,
            till_key=f"membership:{self.membership.pk}/console",
            mode=mode,
            now=now,
        )
        return take_gift_card(
            member_id=member_of_person(person_id, mode=mode) or 0,
            person_id=person_id,
            reward_id=int(reward),
            uuid=uuid,
            actor=Actor(kind="membership", id=str(self.membership.pk)),
            now=now,
        )


def _shown(card: GiftCard) -> dict[str, Any]:
    """Return what the page shows of a card that is handed out."""
    number, pin = number_of(card.seed), pin_of(card.seed)
    return {
        "card": card,
        "number": written(number),
        "pin": pin,
        "symbol": symbol_of("code_128", number + pin),
    }
