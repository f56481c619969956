"""What is doubtful in an offer, said before it is saved: it never counts, or gives goods away.

Needs the merchant's scope open. Nothing here forbids: whoever makes the rules may mean it.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from loyalty.actions.put_offer import OfferTerms
from loyalty.models import MemberStamps, Offer, OfferKind, OfferState, Programme, Target
from okplatform.kernel.modes import Mode
from okplatform.trade.models import Category, Product
from okplatform.trade.models.catalogue import Unit
from okplatform.web import formats

MOST_DAYS = 400
MOST_NAMED = 5
EVERYTHING = 10_000


def doubts_about(
    terms: OfferTerms, *, offer_id: int | None, currency: str, today: date
) -> list[str]:
    """Return a sentence for each doubt, in the language of the request.

    ``offer_id`` is the offer that these terms change; ``today`` by the merchant's calendar.
    """
    return [
        *_never_by_day(terms, today),
        *_never_by_member(terms),
        *_by_price(terms, currency),
        *_overlaps(terms, offer_id),
        *_stamps_there(terms, offer_id),
    ]


def _never_by_day(terms: OfferTerms, today: date) -> Iterator[str]:
    if terms.last_day is not None and terms.last_day < today:
        yield _("This offer never counts: its last day is over.")
        return
    first = max(terms.first_day or today, today)
    days = [first + timedelta(days=ahead) for ahead in range(MOST_DAYS)]
    if not any(_is_on(terms, day) for day in days):
        yield _("This offer never counts: no day is left of its period.")


def _is_on(terms: OfferTerms, day: date) -> bool:
    return (
        (terms.last_day is None or day <= terms.last_day)
        and (not terms.weekdays or day.weekday() in terms.weekdays)
        and day not in terms.black_out
    )


def _never_by_member(terms: OfferTerms) -> Iterator[str]:
    of_members = (
        terms.members_only
        or terms.assigned
        or terms.joined_within is not None
        or terms.per_person is not None
        or terms.per_person_amount is not None
        or terms.kind == OfferKind.STAMPS
    )
    if of_members and not Programme.objects.exists():
        yield _("This offer never counts: it is for members, and you have no programme yet.")


def _by_price(terms: OfferTerms, currency: str) -> Iterator[str]:
    """Hold the offer against the prices of the catalogue, of goods that go by the piece."""
    if terms.target == Target.BASKET:
        return
    goods = _goods(terms)
    dearest, cheapest = goods.order_by("-price").first(), goods.order_by("price").first()
    if dearest is None or cheapest is None:
        return
    if terms.kind == OfferKind.AMOUNT_OFF and (terms.amount or 0) >= cheapest.price:
        yield _("“{product}” costs {price}: with this offer it is given away.").format(
            product=cheapest.name, price=formats.money(cheapest.price, currency)
        )
    if terms.kind == OfferKind.PERCENTAGE and terms.percentage_bp == EVERYTHING:
        yield _("With this offer all of its goods are given away.")
    usual = _usual_price(terms, dearest.price)
    if usual is not None and (terms.amount or 0) >= usual:
        yield _(
            "This offer never counts: the goods cost {price} at most without it, and {amount} with."
        ).format(
            price=formats.money(usual, currency), amount=formats.money(terms.amount or 0, currency)
        )


def _usual_price(terms: OfferTerms, dearest: int) -> int | None:
    """Return the most that the goods of one such price cost without it; None for other kinds."""
    if terms.kind == OfferKind.FIXED_PRICE:
        return dearest
    if terms.kind == OfferKind.SET_PRICE:
        return dearest * (terms.pieces or 1)
    if terms.kind == OfferKind.BUNDLE:
        also = Product.objects.filter(sku__in=terms.also_references).order_by("-price").first()
        return dearest + also.price if also is not None else None
    return None


def _goods(terms: OfferTerms) -> QuerySet[Product]:
    sold = Product.objects.filter(active=True, unit=Unit.PIECE)
    if terms.target == Target.PRODUCTS:
        return sold.filter(sku__in=terms.target_references)
    return sold.filter(category__reference__in=_below(terms.target_references))


def _below(references: tuple[str, ...]) -> set[str]:
    """Return these categories and all that lies below them."""
    parents = dict(Category.objects.values_list("reference", "parent__reference"))
    found = set(references)
    while more := {one for one, above in parents.items() if above in found} - found:
        found |= more
    return found


def _overlaps(terms: OfferTerms, offer_id: int | None) -> Iterator[str]:
    """Name the offers that run on the same goods in the same days."""
    if terms.by_code or terms.assigned:
        return
    others = Offer.objects.filter(
        state=OfferState.ACTIVE, by_code=False, assigned=False, target=terms.target
    ).exclude(pk=offer_id)
    if terms.target != Target.BASKET:
        others = others.filter(target_references__overlap=list(terms.target_references))
    if terms.first_day is not None:
        others = others.filter(Q(last_day=None) | Q(last_day__gte=terms.first_day))
    if terms.last_day is not None:
        others = others.filter(Q(first_day=None) | Q(first_day__lte=terms.last_day))
    for other in others.order_by("id")[:MOST_NAMED]:
        name = other.name[formats.language()]
        if terms.exclusivity_group and terms.exclusivity_group == other.exclusivity_group:
            yield _(
                "“{offer}” is on the same goods in these days: only what takes most off counts."
            ).format(offer=name)
        else:
            yield _("“{offer}” is on the same goods in these days: both are taken off.").format(
                offer=name
            )


def _stamps_there(terms: OfferTerms, offer_id: int | None) -> Iterator[str]:
    """Say whose stamps count differently from now on, or for nothing."""
    before = Offer.objects.filter(pk=offer_id, kind=OfferKind.STAMPS).first()
    if before is None:
        return
    cards = MemberStamps.objects.filter(offer_id=offer_id, mode=Mode.LIVE, count__gt=0).count()
    if not cards:
        return
    if terms.kind != OfferKind.STAMPS:
        yield ngettext(
            "{count} member has stamps on this card: they would be worth nothing.",
            "{count} members have stamps on this card: they would be worth nothing.",
            cards,
        ).format(count=formats.number(cards))
    elif (terms.pieces or 0) > (before.pieces or 0):
        yield ngettext(
            "{count} member has stamps on this card, and would need more of them than was said.",
            "{count} members have stamps on this card, and would need more of them than was said.",
            cards,
        ).format(count=formats.number(cards))
