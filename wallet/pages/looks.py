"""Who looked: each time somebody at a merchant saw something, what and why."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from typing_extensions import override

from okplatform.parties.models import Merchant
from okplatform.web.views import PersonPage
from wallet.models import Claim, Fact, Why
from wallet.queries import glances, looks_at
from wallet.reader import reader

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Glance:
    """All that somebody saw at one moment, in words."""

    shop: str
    reference: str
    who: str
    saw: str
    why: str | Promise
    about: str
    at: datetime


def in_words(rows: Iterable[dict[str, Any]]) -> list[Glance]:
    """Return rows of ``queries.glances`` as they are read."""
    return [
        Glance(
            shop=row["merchant__name"],
            reference=row["merchant__reference"],
            who=row["actor_name"],
            saw=get_text_list([str(Fact(fact).label) for fact in row["facts"]], _("and")),
            why=Why(row["why"]).label,
            about=_about(row),
            at=row["at"],
        )
        for row in rows
    ]


def _about(row: dict[str, Any]) -> str:
    """Return which purchase it concerned, or what was asked to be proved."""
    return str(Claim(row["about"]).label) if row["why"] == Why.PROOF else row["about"]


class LooksPage(PersonPage):
    """Every look, the latest first; ``?shop=`` shows one shop's."""

    template_name = "wallet/looks.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give one page of looks."""
        looks, reference = looks_at(reader(self.request).pk), self.request.GET.get("shop")
        shop = get_object_or_404(Merchant, reference=reference) if reference else None
        if shop is not None:
            looks = looks.filter(merchant_id=shop.pk)
        page = Paginator(glances(looks), PER_PAGE).get_page(self.request.GET.get("page"))
        back = reverse("wallet:consents", args=[shop.reference]) if shop else reverse("wallet:data")
        return super().get_context_data(
            page=page, looks=in_words(page), shop=shop, back=back, **kwargs
        )
