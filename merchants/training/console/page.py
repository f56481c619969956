"""Which stores are ready, and which of their people know the till."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from typing_extensions import override

from loyalty.models import Programme
from merchants.training.console.permission import TRAINERS
from merchants.training.judging import SENTENCES
from merchants.training.queries import (
    GOOD_FOR,
    GOOD_STARS,
    Standing,
    ended_runs,
    is_trained,
    sellers,
    standings,
    stores_to_train,
)
from merchants.training.scenarios import SCENARIOS
from okplatform.kernel import clock
from okplatform.parties.models import Membership, Store
from okplatform.web.views import StaffPage


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """How somebody did a scenario; ``says`` is what went wrong the last time."""

    title: str
    standing: Standing | None
    is_good: bool
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Trainee:
    """Somebody who may stand at the tills of a store."""

    name: str
    is_trained: bool
    good: int
    cells: Sequence[Cell]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreRow:
    """A store: ready, or not and why."""

    store: Store
    has_trained: bool
    has_programme: bool
    trainees: Sequence[Trainee]
    idle: Sequence[str]

    @property
    def is_ready(self) -> bool:
        """Say whether it may open with OK."""
        return self.has_trained and self.has_programme


class TrainingConsole(StaffPage):
    """Stores with their cashiers and the five scenarios."""

    required_permission = TRAINERS
    template_name = "merchants/training.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give every store of the merchant, or the one that its manager works at."""
        now = clock.now()
        stores = stores_to_train(self.membership.store_id)
        kept = standings(ended_runs([store.pk for store in stores]), now=now)
        people = sellers()
        programme = Programme.objects.first()
        rows = [
            _row(store, people, kept, has_programme=programme is not None, now=now)
            for store in stores
        ]
        return super().get_context_data(
            rows=rows,
            ready=sum(row.is_ready for row in rows),
            has_runs=bool(kept),
            scenarios=[asked.scenario.label for asked in SCENARIOS.values()],
            good_days=GOOD_FOR.days,
            good_stars=GOOD_STARS,
            **kwargs,
        )


def _row(
    store: Store,
    people: Sequence[Membership],
    kept: Mapping[tuple[int, int], Mapping[str, Standing]],
    *,
    has_programme: bool,
    now: datetime,
) -> StoreRow:
    here = [one for one in people if one.store_id in {None, store.pk}]
    begun = [one for one in here if (store.pk, one.pk) in kept]
    trainees = [_trainee(one, kept[store.pk, one.pk], now=now) for one in begun]
    return StoreRow(
        store=store,
        has_trained=any(trainee.is_trained for trainee in trainees),
        has_programme=has_programme,
        trainees=trainees,
        idle=[one.person.name for one in here if one not in begun],
    )


def _trainee(who: Membership, standing: Mapping[str, Standing], *, now: datetime) -> Trainee:
    cells = [
        _cell(str(asked.scenario.label), standing.get(name), now)
        for name, asked in SCENARIOS.items()
    ]
    return Trainee(
        name=who.person.name,
        is_trained=is_trained(standing, now=now),
        good=sum(cell.is_good for cell in cells),
        cells=cells,
    )


def _cell(title: str, standing: Standing | None, now: datetime) -> Cell:
    return Cell(
        title=title,
        standing=standing,
        is_good=standing is not None and standing.is_good(now),
        says=str(SENTENCES[standing.newest.fault]) if standing else "",
    )
