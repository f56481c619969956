"""A scheme is drafted, tried on the past, published, scheduled, paused and brought back."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection
from django.db.transaction import atomic  # noqa: TID251 -- a refused statement, tried on its own

from loyalty.actions.pause_scheme import pause_scheme
from loyalty.actions.publish_scheme import publish_scheme
from loyalty.actions.replay_scheme import CLAIM_LASTS, MOST_ATTEMPTS, replay_scheme
from loyalty.actions.resume_scheme import resume_scheme
from loyalty.actions.roll_back_scheme import roll_back_scheme
from loyalty.actions.scheme_refusals import (
    SchemeLosesMoney,
    SchemeNotInForce,
    SchemeNotReplayed,
    SchemeNotScheduled,
    SchemeUnknown,
)
from loyalty.actions.unschedule_scheme import unschedule_scheme
from loyalty.models import (
    Offer,
    OfferState,
    Programme,
    ReplayState,
    Scheme,
    SchemeReplay,
    SchemeVersion,
    Source,
)
from loyalty.queries.schemes import due_replays, due_schemes, scheme_of, stopwatch_of
from loyalty.tasks import start_schemes
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.clock import told_by
from okplatform.kernel.models import AuditEntry, Event
from okplatform.kernel.tenancy import merchant_scope, operator_scope
from okplatform.parties.actions.grant_membership import grant_membership
from okplatform.parties.models import Person, Role
from tests.loyalty.bakery import Bakery
from tests.loyalty.schemes import BIGGER, CONTENT, QUIET, content, draft, published, replayed
from tests.support.world import NOW, World

LATER = NOW + timedelta(days=2)
"""A Thursday."""


@pytest.fixture
def bol(bakery: Bakery) -> int:
    """The bakery, which has a programme already, to build anew."""
    return int(bakery.merchant_id)


def versions(merchant_id: int) -> list[SchemeVersion]:
    with merchant_scope(merchant_id):
        return list(SchemeVersion.objects.order_by("number"))


def scheme(merchant_id: int) -> Scheme:
    with merchant_scope(merchant_id):
        found = scheme_of(merchant_id)
    assert found is not None
    return found


def offer_states(merchant_id: int) -> dict[str, str]:
    with merchant_scope(merchant_id):
        return {offer.name["en"]: offer.state for offer in Offer.objects.all()}


def test_a_draft_is_in_force_for_nobody(bakery: Bakery, bol: int, alice: Person) -> None:
    bakery.join(alice)
    draft(bol, content(milli_points_per_cent=50))
    assert bakery.price(2_000, alice).quote.points == 20
    assert offer_states(bol) == {}
    assert scheme(bol).in_force is None


def test_a_published_scheme_counts_from_the_next_sale(
    bakery: Bakery, bol: int, alice: Person
) -> None:
    bakery.join(alice)
    assert published(bol, content(milli_points_per_cent=50)) == 1
    quote = bakery.price(2_000, alice).quote
    assert (quote.discount, quote.points) == (140, 93)
    assert bakery.price(5_000).quote.discount == 0, "whoever is no member gets none of it"
    (version,) = versions(bol)
    assert (version.number, version.started_at, scheme(bol).in_force) == (1, NOW, 1)
    assert version.fingerprint == content(milli_points_per_cent=50).fingerprint()


def test_each_step_has_its_audit_row_and_its_event(bol: int) -> None:
    published(bol)
    pause_scheme(merchant_id=bol, actor=SYSTEM, now=NOW)
    resume_scheme(merchant_id=bol, actor=SYSTEM, now=NOW)
    audits = AuditEntry.objects.filter(object_type="scheme").order_by("id")
    assert list(audits.values_list("action", flat=True)) == [
        "scheme_drafted",
        "scheme_replayed",
        "scheme_published",
        "scheme_paused",
        "scheme_resumed",
    ]
    happened = Event.objects.filter(aggregate_type="scheme").order_by("id")
    assert list(happened.values_list("type", flat=True)) == [
        "loyalty.scheme_published",
        "loyalty.scheme_started",
        "loyalty.scheme_paused",
        "loyalty.scheme_resumed",
    ]


def test_nothing_is_published_before_it_was_tried_as_it_is(bol: int) -> None:
    with pytest.raises(SchemeUnknown):
        publish_scheme(merchant_id=bol, starts_at=None, accepts_loss=False, actor=SYSTEM, now=NOW)
    replayed(bol)
    draft(bol, content(worth=1_000))
    with pytest.raises(SchemeNotReplayed):
        publish_scheme(merchant_id=bol, starts_at=None, accepts_loss=False, actor=SYSTEM, now=NOW)
    assert versions(bol) == []


def test_a_scheme_that_sells_below_cost_says_so_and_waits_for_a_yes(bol: int) -> None:
    dear = content(worth=50_000)
    replay = replayed(bol, dear)
    (margin,) = [proof for proof in replay.proofs if proof["name"] == "margin"]
    assert not margin["holds"]
    assert margin["rule"] == "points"
    assert replay.result["everybody"]["losing"]
    with pytest.raises(SchemeLosesMoney):
        publish_scheme(merchant_id=bol, starts_at=None, accepts_loss=False, actor=SYSTEM, now=NOW)
    assert versions(bol) == []
    assert published(bol, dear, accepts_loss=True) == 1


def test_an_offer_of_the_next_version_stays_the_offer_it_was(bol: int) -> None:
    published(bol)
    with merchant_scope(bol):
        before = set(Offer.objects.values_list("pk", flat=True))
    published(bol, content(offers=(QUIET,)))
    with merchant_scope(bol):
        assert set(Offer.objects.values_list("pk", flat=True)) == before
    assert offer_states(bol) == {
        QUIET.name.en: OfferState.ACTIVE,
        BIGGER.name.en: OfferState.PAUSED,
    }


def test_a_rollback_is_a_new_version_with_the_old_content(
    bakery: Bakery, bol: int, alice: Person
) -> None:
    bakery.join(alice)
    published(bol)
    published(bol, content(milli_points_per_cent=50, offers=()))
    assert bakery.price(2_000, alice).quote.points == 100
    number = roll_back_scheme(merchant_id=bol, number=1, actor=SYSTEM, now=LATER)
    assert number == 3
    first, second, third = versions(bol)
    assert third.content == first.content != second.content
    assert (third.back_to, scheme(bol).in_force) == (1, 3)
    quote = bakery.price(2_000, alice, now=NOW).quote
    assert (quote.discount, quote.points) == (140, 18)
    with pytest.raises(SchemeUnknown):
        roll_back_scheme(merchant_id=bol, number=9, actor=SYSTEM, now=LATER)
    assert len(versions(bol)) == 3


def test_a_version_is_never_changed_or_deleted(bol: int) -> None:
    published(bol)
    for statement in (
        "UPDATE loyalty_scheme_version SET content = '{}'",
        "UPDATE loyalty_scheme_version SET number = 7",
        "UPDATE loyalty_scheme_version SET started_at = now()",
        "DELETE FROM loyalty_scheme_version",
    ):
        with pytest.raises(DatabaseError), atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    (version,) = versions(bol)
    assert version.content == CONTENT.as_json()


def test_a_scheduled_version_begins_when_its_time_has_come_and_once(
    bakery: Bakery, bol: int, alice: Person
) -> None:
    bakery.join(alice)
    published(bol, content(milli_points_per_cent=50, offers=()), starts_at=LATER)
    assert bakery.price(2_000, alice).quote.points == 20
    assert scheme(bol).scheduled == 1
    assert due_schemes(now=LATER - timedelta(seconds=1)) == []
    for _again in range(2):
        with told_by(lambda: LATER):
            start_schemes()
    assert bakery.price(2_000, alice).quote.points == 100
    (version,) = versions(bol)
    assert (version.started_at, scheme(bol).in_force, scheme(bol).scheduled) == (LATER, 1, None)
    started = Event.objects.filter(type="loyalty.scheme_started")
    assert started.count() == 1


def test_what_is_published_now_takes_the_place_of_what_was_scheduled(bol: int) -> None:
    published(bol, starts_at=LATER)
    published(bol, content(offers=()))
    assert (scheme(bol).in_force, scheme(bol).scheduled) == (2, None)
    with told_by(lambda: LATER):
        start_schemes()
    assert scheme(bol).in_force == 2


def test_what_was_scheduled_is_taken_back_and_never_begins(bol: int) -> None:
    published(bol)
    published(bol, content(offers=()), starts_at=LATER)
    unschedule_scheme(merchant_id=bol, actor=SYSTEM, now=NOW)
    with told_by(lambda: LATER):
        start_schemes()
    assert (scheme(bol).in_force, scheme(bol).scheduled) == (1, None)
    assert [version.started_at for version in versions(bol)] == [NOW, None]
    with pytest.raises(SchemeNotScheduled):
        unschedule_scheme(merchant_id=bol, actor=SYSTEM, now=NOW)


def test_a_paused_scheme_gives_nothing_and_takes_nothing_away(
    bakery: Bakery, bol: int, alice: Person
) -> None:
    bakery.join(alice)
    published(bol)
    _sale, had = bakery.sell(2_000, alice)
    for _again in range(2):
        pause_scheme(merchant_id=bol, actor=SYSTEM, now=NOW)
    quote = bakery.price(2_000, alice).quote
    assert (quote.discount, quote.points) == (0, 0)
    assert bakery.points(alice) == had
    resume_scheme(merchant_id=bol, actor=SYSTEM, now=NOW)
    assert bakery.price(2_000, alice).quote.discount == 140


def test_what_was_never_published_is_not_paused(bol: int) -> None:
    draft(bol)
    with pytest.raises(SchemeNotInForce):
        pause_scheme(merchant_id=bol, actor=SYSTEM, now=NOW)
    with merchant_scope(bol):
        assert Programme.objects.get().paused_at is None


def test_a_replay_is_made_once_and_begun_anew_when_its_worker_dies(bol: int) -> None:
    number = draft(bol)
    assert draft(bol) == number, "the same draft waits once"
    assert due_replays(now=NOW, most=5) == [number]
    with operator_scope("a worker dies"):
        SchemeReplay.objects.filter(pk=number).update(
            state=ReplayState.RUNNING, claimed_until=NOW + CLAIM_LASTS, attempts=1
        )
    assert not replay_scheme(replay_id=number, actor=SYSTEM, now=NOW)
    later = NOW + CLAIM_LASTS
    assert due_replays(now=later, most=5) == [number]
    assert replay_scheme(replay_id=number, actor=SYSTEM, now=later)
    assert not replay_scheme(replay_id=number, actor=SYSTEM, now=later)
    with merchant_scope(bol):
        replay = SchemeReplay.objects.get()
    assert (replay.state, replay.attempts, replay.source) == (ReplayState.DONE, 2, Source.SAMPLE)
    assert replay.done == replay.total == replay.result["baskets"] > 2_000


def test_a_replay_that_always_dies_is_given_up(bol: int) -> None:
    number = draft(bol)
    with operator_scope("workers die"):
        SchemeReplay.objects.filter(pk=number).update(
            state=ReplayState.RUNNING, claimed_until=NOW, attempts=MOST_ATTEMPTS
        )
    assert not replay_scheme(replay_id=number, actor=SYSTEM, now=NOW)
    with merchant_scope(bol):
        assert SchemeReplay.objects.get().state == ReplayState.FAILED
    assert due_replays(now=NOW + CLAIM_LASTS, most=5) == []


def test_the_stopwatch_stops_at_the_owners_first_points_and_nobody_elses(
    bakery: Bakery, bol: int, world: World, alice: Person
) -> None:
    published(bol)
    bakery.join(alice)
    bakery.sell(2_000, alice)
    assert stopwatch_of(scheme(bol)).stopped_at is None
    grant_membership(person_id=world.olga.pk, merchant_id=bol, role=Role.OWNER, actor=SYSTEM)
    bakery.join(world.olga)
    bakery.sell(2_000, world.olga)
    watch = stopwatch_of(scheme(bol))
    assert watch.stopped_at == NOW + timedelta(minutes=1)
    assert watch.seconds(NOW + timedelta(days=1)) == 3 * 60
    assert watch.in_time
