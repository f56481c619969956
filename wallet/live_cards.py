"""Reads of brands and live cards: whose a card's brand is, and which cards are live."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from okplatform.kernel.tenancy import operator_scope, person_scope
from wallet import hooks
from wallet.hooks import LiveMembership
from wallet.models import BrandClaim, BrandClaimState, Card, LiveCard
from wallet.programmes import brands_of

WHY = "which shop a brand of cards is confirmed for; no shop's own rows"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A card beside the membership that it stands for, or could: ``is_live`` says which."""

    membership: LiveMembership
    is_live: bool

    @property
    def points(self) -> str:
        """Return the points with their name, as a tile says them."""
        return _("{points} {name}").format(
            points=self.membership.points, name=self.membership.points_name
        )


def claim_on(card: Card) -> BrandClaim | None:
    """Return the confirmed claim on a card's brand; the programme its owner chose says most."""
    brands = brands_of(programme=card.programme, issuer=card.issuer, name=card.name)
    with operator_scope(WHY):
        found = {one.brand: one for one in _confirmed().filter(brand__in=brands)}
    return next((found[brand] for brand in brands if brand in found), None)


def claims_of(merchant_id: int) -> Sequence[BrandClaim]:
    """Return what a merchant claims or claimed, the latest first; in its scope."""
    return list(BrandClaim.objects.filter(merchant_id=merchant_id).order_by("-id"))


def claims_in(state: BrandClaimState) -> Sequence[BrandClaim]:
    """Return the claims in a state, the oldest first; in an operator's scope."""
    return list(BrandClaim.objects.filter(state=state).select_related("merchant").order_by("id"))


def coupled(person_id: int, cards: Iterable[Card]) -> dict[int, int]:
    """Return the merchant of each card that is coupled while its claim is in force."""
    with person_scope(person_id):
        live = LiveCard.objects.filter(card__in=list(cards))
        claim_of = dict(live.values_list("card_id", "claim_id"))
    with operator_scope(WHY):
        of_claim = dict(_confirmed().filter(pk__in=claim_of.values()).values_list("pk", "merchant"))
    return {card: of_claim[claim] for card, claim in claim_of.items() if claim in of_claim}


def live_cards_of(person_id: int) -> Sequence[Card]:
    """Return the cards that a person coupled."""
    with person_scope(person_id):
        return list(Card.objects.filter(removed=False, pk__in=LiveCard.objects.values("card")))


def standings(person_id: int, mode: str, cards: Sequence[Card]) -> dict[int, Standing]:
    """Return the live cards among these, with their memberships."""
    merchant_of = coupled(person_id, cards)
    held = hooks.memberships_at(person_id, mode, set(merchant_of.values()))
    return {
        card: Standing(membership=held[merchant], is_live=True)
        for card, merchant in merchant_of.items()
        if merchant in held and held[merchant].is_member
    }


def standing_of(person_id: int, mode: str, card: Card) -> Standing | None:
    """Return what a card stands for, or could; None where its brand is nobody's here."""
    if card.person_id != person_id:
        return None  # somebody else's, to look at
    live = standings(person_id, mode, [card]).get(card.pk)
    if live is not None:
        return live
    claim = claim_on(card)
    found = hooks.memberships_at(person_id, mode, {claim.merchant_id}) if claim else {}
    return next((Standing(membership=one, is_live=False) for one in found.values()), None)


def _confirmed() -> QuerySet[BrandClaim]:
    confirmed: QuerySet[BrandClaim] = BrandClaim.objects.filter(state=BrandClaimState.CONFIRMED)
    return confirmed
