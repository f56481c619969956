"""What happened at a training till; how far cashiers and stores are. In the merchant's scope."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Max

from loyalty.models import Programme
from merchants.magic import TEST
from merchants.models import TrainingRun
from merchants.training.judging import Happened, Sold
from merchants.training.scenarios import SCENARIOS
from merchants.training_marks import PREFIX
from okplatform.parties.models import Membership, Store
from okplatform.parties.queries import SELLING_ROLES
from okplatform.trade.models import Return, Sale, SaleLine, SaleState, Tender

GOOD_FOR = timedelta(days=180)
"""How long a good run counts for a store."""

GOOD_STARS = 2
MOST_SALES = 50
"""Looked at in one run: nobody sells more in a quarter of an hour of training."""


def last_sale() -> int:
    """Return the primary key of the merchant's last test sale."""
    return int(Sale.objects.filter(mode=TEST).aggregate(last=Max("pk"))["last"] or 0)


def is_receipt(uuid: UUID, *, terminal_id: int) -> bool:
    """Say whether this is a paid sale that was made in training at that till."""
    found = Sale.objects.filter(mode=TEST, uuid=uuid, terminal_id=terminal_id)
    return found.filter(state=SaleState.CLOSED, reference__startswith=PREFIX).exists()


def happened_in(run: TrainingRun, *, now: datetime) -> Happened:
    """Return what happened at the run's till since it began."""
    sales = Sale.objects.filter(
        mode=TEST,
        pk__gt=run.after_sale,
        terminal_id=run.terminal_id,
        reference__startswith=PREFIX,
    )
    found = list(sales.defer("draft").order_by("pk")[:MOST_SALES])
    ids = [sale.pk for sale in found]
    counted = SaleLine.objects.filter(sale__in=ids).values_list("sale_id")
    lines = dict(counted.annotate(found=Count("number")))
    tenders = defaultdict(set)
    for sale_id, kind in Tender.objects.filter(sale__in=ids).values_list("sale_id", "kind"):
        tenders[sale_id].add(kind)
    programme = Programme.objects.first()
    return Happened(
        sold=[_sold(sale, lines.get(sale.pk, 0), frozenset(tenders[sale.pk])) for sale in found],
        given_back=_given_back(run),
        gives_points=programme is not None and programme.paused_at is None,
        seconds=(now - run.began_at).total_seconds(),
    )


def _given_back(run: TrainingRun) -> int:
    if run.receipt is None:
        return 0
    back = Return.objects.filter(mode=TEST, terminal_id=run.terminal_id)
    return int(back.filter(sale__uuid=run.receipt).count())


def _sold(sale: Sale, lines: int, tenders: frozenset[str]) -> Sold:
    return Sold(
        is_paid=sale.state == SaleState.CLOSED,
        is_open=sale.state == SaleState.OPEN,
        gross=sale.gross,
        lines=lines,
        tenders=tenders,
        has_code=sale.person_id is not None,
        points=sale.points_earned,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How far somebody is with one scenario in one store."""

    newest: TrainingRun
    best: TrainingRun

    def is_good(self, now: datetime) -> bool:
        """Say whether the best run counts still."""
        return (self.best.stars or 0) >= GOOD_STARS and _counts(self.best, now)


Standings = Mapping[tuple[int, int], Mapping[str, Standing]]
"""By store and membership, then by scenario."""


def standings(runs: Sequence[TrainingRun], *, now: datetime) -> Standings:
    """Return the newest and the best of each scenario, of runs that ended."""
    found: dict[tuple[int, int], dict[str, Standing]] = defaultdict(dict)
    for run in sorted(runs, key=lambda one: (one.ended_at or now, one.pk)):
        of = found[run.store_id, run.membership_id]
        before = of.get(run.scenario)
        best = run if before is None else better(before.best, run, now=now)
        of[run.scenario] = Standing(newest=run, best=best)
    return found


def better(one: TrainingRun, later: TrainingRun, *, now: datetime) -> TrainingRun:
    """Return the better of two runs: more stars while they count; of equals the later."""
    return one if _worth(one, now) > _worth(later, now) else later


def _worth(run: TrainingRun, now: datetime) -> int:
    return (run.stars or 0) if _counts(run, now) else -1


def _counts(run: TrainingRun, now: datetime) -> bool:
    return run.ended_at is not None and run.ended_at > now - GOOD_FOR


def ended_runs(store_ids: Sequence[int]) -> Sequence[TrainingRun]:
    """Return all that is kept of these stores."""
    return list(TrainingRun.objects.filter(store__in=store_ids, ended_at__isnull=False))


def runs_of(*, membership_id: int, store_id: int) -> Sequence[TrainingRun]:
    """Return what is kept of one cashier in one store."""
    return [run for run in ended_runs([store_id]) if run.membership_id == membership_id]


def sellers() -> Sequence[Membership]:
    """Return everybody who may stand at a till, by name."""
    found = Membership.objects.filter(role__in=SELLING_ROLES).select_related("person")
    return list(found.order_by("person__name", "pk"))


def stores_to_train(store_id: int | None) -> Sequence[Store]:
    """Return the merchant's stores that have tills, or the one that somebody works at."""
    stores = Store.objects.filter(channel="in_store").order_by("name")
    return list(stores if store_id is None else stores.filter(pk=store_id))


def is_trained(standing: Mapping[str, Standing], *, now: datetime) -> bool:
    """Say whether somebody has every scenario, well and lately enough."""
    return all(name in standing and standing[name].is_good(now) for name in SCENARIOS)
