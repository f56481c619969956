"""The browser till: a small shop's whole till, and a vendor's example of the loop."""

from http import HTTPStatus
from typing import Any

from csp.decorators import csp_update
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.text import format_lazy
from typing_extensions import override

from merchants.checkout.actions.meet_test_person import MEMBERS
from merchants.magic import PEOPLE_AT
from okplatform.parties.api.authentication import TERMINAL_IN_SESSION, choose_terminal
from okplatform.parties.queries import TerminalChoice, find_till_of_person, terminals_of_person
from okplatform.parties.scopes import Scope
from okplatform.parties.tills import Till, in_training
from okplatform.trade.queries import find_products
from okplatform.web.views import PersonPage

MOST_FOUND = 8
SHOPPERS = 10
"""Who are not real, per merchant; each till trains with one of them."""


@method_decorator(csp_update({"script-src": ["'wasm-unsafe-eval'"]}), name="dispatch")
class TillPage(PersonPage):
    """The till at the chosen terminal; before that, the choice.

    Its camera may need a decoder in WebAssembly, which its policy allows by name; eval stays out.
    """

    template_name = "merchants/till.html"
    choice = reverse_lazy("merchants:till-choice")

    @override
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the till, or which tills there are to choose from."""
        choices = terminals_of_person(self.person.pk)
        chosen = _chosen(choices, request.session.get(TERMINAL_IN_SESSION))
        till = _till(self.person.pk, chosen)
        if chosen is None or till is None:
            return redirect(self.choice)
        return self.render_to_response(self.get_context_data(till=self.stand(till), chosen=chosen))

    def stand(self, till: Till) -> Till:
        """Return the till that this page is."""
        return till

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say whether whoever stands there gives back."""
        can_refund = Scope.REFUNDS_WRITE in kwargs["till"].scopes
        return super().get_context_data(can_refund=can_refund, **kwargs)


class TrainingTillPage(TillPage):
    """The very same till in training: nothing that is done there is real."""

    choice = format_lazy("{}?training", reverse_lazy("merchants:till-choice"))

    @override
    def stand(self, till: Till) -> Till:
        """Return its twin."""
        return in_training(till)

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Name the customer who is not real: one of a few, so that limits are met by nobody."""
        number = (kwargs["till"].terminal_id or 0) % SHOPPERS
        return super().get_context_data(shopper=f"{MEMBERS}training{number}{PEOPLE_AT}", **kwargs)


class TillChoicePage(PersonPage):
    """Which till one stands at."""

    template_name = "merchants/till_choice.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the terminals this person may sell at."""
        return super().get_context_data(choices=terminals_of_person(self.person.pk), **kwargs)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Remember the terminal for this browser; one that is not this person's is not offered."""
        chosen = _chosen(terminals_of_person(self.person.pk), request.POST.get("terminal"))
        if chosen is None:
            return redirect("merchants:till-choice")
        choose_terminal(request.session, chosen.terminal_id)
        return redirect(
            "merchants:till-training" if "training" in request.GET else "merchants:till"
        )


class TillProducts(PersonPage):
    """Products for the search field, as JSON."""

    @override
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Find by article number, bar code or the start of the name."""
        till = _till(
            self.person.pk,
            _chosen(terminals_of_person(self.person.pk), request.session.get(TERMINAL_IN_SESSION)),
        )
        if till is None:
            return JsonResponse({"products": []}, status=HTTPStatus.FORBIDDEN)
        found = find_products(
            merchant_id=till.merchant_id, text=request.GET.get("q", ""), limit=MOST_FOUND
        )
        return JsonResponse(
            {
                "products": [
                    {
                        "sku": product.sku,
                        "name": product.name,
                        "unit": product.unit,
                        "unit_price": product.price,
                        "vat_rate": product.vat_rate_bp,
                        "category": product.category_reference,
                    }
                    for product in found
                ]
            }
        )


def _chosen(choices: list[TerminalChoice], terminal_id: object) -> TerminalChoice | None:
    wanted = str(terminal_id)
    return next((choice for choice in choices if str(choice.terminal_id) == wanted), None)


def _till(person_id: int, chosen: TerminalChoice | None) -> Till | None:
    if chosen is None:
        return None
    return find_till_of_person(person_id=person_id, terminal_id=chosen.terminal_id)
