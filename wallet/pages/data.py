"""Your data: every shop at a glance, and the way to all that one can see, take and end."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from typing_extensions import override

from okplatform.kernel import clock
from okplatform.parties.models import Merchant
from okplatform.web.formats import language, number
from okplatform.web.views import PersonPage
from wallet.actions.withdraw_consent import withdraw_consents
from wallet.consent_texts import CURRENT_VERSION, consent_text
from wallet.models import Purpose
from wallet.queries import shops_of
from wallet.reader import acting, reader

LOOKS_COUNTED = timedelta(days=30)
SEARCH_FROM = 6
"""From how many shops on a field to search them is of use."""
LONGEST_SEARCH = 80
MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Shop:
    """A merchant with what it may know, in words, and how often somebody there looked."""

    merchant: Merchant
    allowed: str
    looks: int


class YourDataPage(PersonPage):
    """What every shop may know; one button turns all of it off."""

    template_name = "wallet/data.html"
    http_method_names = ["get", "post"]

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the shops whose name fits ``?q=``, or all."""
        shops = shops_of(reader(self.request).pk, since=clock.now() - LOOKS_COUNTED)
        asked = self.request.GET.get("q", "").strip()[:LONGEST_SEARCH]
        known = list(shops)
        found = [shop for shop in known if asked.casefold() in shop.name.casefold()]
        return super().get_context_data(
            shops=[_in_words(shop) for shop in found],
            asked=asked,
            is_searched=bool(asked) or len(known) >= SEARCH_FROM,
            allowing=sum(bool(shop.allowed) for shop in known),  # type: ignore[attr-defined]  # annotated
            back=reverse("wallet:you"),
            **kwargs,
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        """Turn everything off, everywhere."""
        person = reader(request)
        ended = withdraw_consents(person_id=person.pk, now=clock.now(), actor=acting(person))
        said = ngettext(
            "Everything is off: {number} consent has ended. No shop sees anything about you now.",
            "Everything is off: {number} consents have ended. No shop sees anything about you now.",
            ended,
        )
        messages.success(request, said.format(number=number(ended)))
        return redirect("wallet:data")


def _in_words(shop: Any) -> Shop:
    return Shop(merchant=shop, allowed=_named(shop.allowed), looks=shop.looks or 0)


def _named(purposes: Collection[str]) -> str:
    """Return the purposes in a line that a thumb can read: all of three, else two and how many."""
    titles = [
        consent_text(purpose, CURRENT_VERSION[purpose], language()).title
        for purpose in Purpose.values
        if purpose in purposes
    ]
    named = [title[0].lower() + title[1:] if index else title for index, title in enumerate(titles)]
    if len(named) > MOST_NAMED:
        named[2:] = [_("{number} more").format(number=number(len(named) - 2))]
    return get_text_list(named, _("and")) if named else ""
