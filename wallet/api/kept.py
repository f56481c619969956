"""What a phone keeps beside its cards, so that the wallet works without a network."""

from datetime import timedelta
from typing import Any

from django.middleware.csrf import get_token
from django.utils.decorators import method_decorator
from django.utils.translation import get_language
from django.views.decorators.gzip import gzip_page
from rest_framework.request import Request

from okplatform.kernel import clock
from okplatform.kernel.api.renderers import JsonAnswer
from wallet import hooks
from wallet.api.phone import PhoneThrottle, PhoneView
from wallet.live_cards import live_cards_of, standings
from wallet.offline_receipts import as_plain
from wallet.queries import receipts_of
from wallet.reader import reader

KEPT_FOR = timedelta(days=365)
MOST_RECEIPTS = 300
PER_PAGE = 50


class KeptThrottle(PhoneThrottle):
    """Each page of the wallet asks once, and a new phone a dozen times in a row."""

    scope = "kept"
    rate = "120/min"


@method_decorator(gzip_page, name="dispatch")
class KeptOnPhone(PhoneView):
    """Whose session this is, the memberships, and the receipts of the last year.

    Compressed, because a year of receipts says much the same. Its length tells nothing of the token
    in it: that is masked anew each time, and Django adds bytes at random.
    """

    throttle_classes = (KeptThrottle,)

    def get(self, request: Request) -> JsonAnswer:
        """Tell the newest receipts; ``after`` is the highest id that the phone has.

        ``before`` is the lowest id of the page in front of this one, while there is ``more``.
        ``token`` is what a change is sent with: the page that sends it may be an old one.
        """
        person = reader(request)
        after, before = _number(request, "after"), _number(request, "before")
        wanted = receipts_of(person.pk).filter(
            sale__closed_at__gte=clock.now() - KEPT_FOR, pk__gt=after
        )
        if before:
            wanted = wanted.filter(pk__lt=before)
        found = list(wanted.order_by("-pk")[: PER_PAGE + 1])
        shown = [as_plain(receipt) for receipt in found[:PER_PAGE]]
        return self.answer(
            person=person.pk,
            token=get_token(request),
            language=get_language(),
            memberships=[] if before else _memberships(person.pk, person.mode),
            receipts=shown,
            more=len(found) > PER_PAGE,
            most=MOST_RECEIPTS,
        )


def _memberships(person_id: int, mode: str) -> list[dict[str, Any]]:
    """Return the memberships; ``cards`` are those that show their points."""
    coupled = live_cards_of(person_id)
    standing = standings(person_id, mode, coupled)
    shown = [(str(one.uuid), standing[one.pk]) for one in coupled if one.pk in standing]
    return [
        {
            "title": card.title,
            "subtitle": card.subtitle,
            "value": card.value,
            "cards": [uuid for uuid, live in shown if live.membership.url == card.url],
        }
        for card in hooks.cards_of(person_id, mode)
    ]


def _number(request: Request, name: str) -> int:
    said = request.query_params.get(name, "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 16 else 0
