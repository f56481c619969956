"""Where a sale takes place: what the till says, within what its key is held to."""

import pytest
from pytest_django import DjangoAssertNumQueries

from okplatform.kernel.errors import Refusal
from okplatform.parties.actions.use_api_key import use_api_key
from okplatform.parties.queries import StoreUnknown, TerminalUnknown, find_store
from okplatform.parties.tills import Till
from tests.support.world import NOW, World


def till(key: str) -> Till:
    return use_api_key(key=key, now=NOW)


@pytest.mark.parametrize("said", [(None, None), ("haarlem", None), ("haarlem", "kassa-1")])
def test_a_key_held_to_a_till_stands_there_without_another_query(
    world: World,
    said: tuple[str | None, str | None],
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    signed_in = till(world.haarlem.key)

    with django_assert_num_queries(0):
        place = find_store(signed_in, *said)

    assert (place.store_id, place.terminal_id) == (
        world.haarlem.store.pk,
        world.haarlem.terminal.pk,
    )
    assert place.channel == "in_store"


def test_a_chains_key_stands_where_it_says(world: World) -> None:
    signed_in = till(world.kramer.chain_key)

    assert find_store(signed_in, "leiden", "kassa-1").terminal_id == world.leiden.terminal.pk
    assert find_store(signed_in, "webshop", None).channel == "online"
    assert find_store(signed_in, "webshop", None).terminal_id is None


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        ((None, None), StoreUnknown),
        (("gouda", None), StoreUnknown),
        (("utrecht", "kassa-1"), StoreUnknown),
        (("leiden", "kassa-9"), TerminalUnknown),
        (("lei\0den", None), StoreUnknown),
        (("leiden", "kassa\0-1"), TerminalUnknown),
    ],
)
def test_another_merchants_store_is_unknown(
    world: World, said: tuple[str | None, str | None], refusal: type[Refusal]
) -> None:
    assert world.gouda.store.pk
    assert world.till.store.pk
    signed_in = till(world.kramer.chain_key)

    with pytest.raises(refusal) as refused:
        find_store(signed_in, *said)
    assert refused.value.status == 404


def test_a_key_held_to_one_till_stands_at_no_other(world: World) -> None:
    signed_in = till(world.haarlem.key)

    with pytest.raises(StoreUnknown):
        find_store(signed_in, "leiden", "kassa-1")
    with pytest.raises(TerminalUnknown):
        find_store(signed_in, "haarlem", "kassa-2")
