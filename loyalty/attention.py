"""What of a person's points needs attention (``wallet.hooks.NeedsAttention``)."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from loyalty.queries.lots import ending_between
from loyalty.queries.pools import asks_anywhere
from okplatform.web import formats
from wallet.attention import DAYS
from wallet.hooks import Attention


class PointsAttention:
    """Family that asks to spend points together, and points that end soon."""

    def items(self, person_id: int, mode: str, now: datetime) -> Sequence[Attention]:
        """Return who asks; then one for each programme and last day, the first to end first."""
        today = timezone.localdate(now)
        ending = ending_between(
            person_id=person_id,
            mode=mode,
            language=formats.language(),
            first=today,
            last=today + timedelta(days=DAYS),
        )
        asks = [
            Attention(
                title=_("{name} asks you to spend points together").format(name=name),
                line=merchant,
                url=reverse("loyalty:family", kwargs={"reference": reference}),
                icon="points",
            )
            for name, merchant, reference in asks_anywhere(person_id=person_id, now=now)
        ]
        return asks + [
            Attention(
                title=_("{points} {name} end soon").format(
                    points=formats.number(one.points), name=one.points_name
                ),
                line=_("{merchant}, valid until {day}").format(
                    merchant=one.merchant, day=formats.calendar_day(one.day, today=today)
                ),
                url=reverse("loyalty:programme", kwargs={"reference": one.reference}),
                icon="points",
            )
            for one in ending
        ]
