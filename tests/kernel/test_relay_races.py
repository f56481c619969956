"""Many relays on connections of their own share the work, and nothing acts twice."""

from collections import Counter

import pytest

from okplatform.kernel import relay
from tests.kernel.post import PostOffice, send, sent, waiting
from tests.support.races import all_at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]

PARCELS = [f"p{number}" for number in range(40)]
STAMPS = [1, 2, 3]


def test_64_relays_deliver_each_event_once_and_in_order(office: PostOffice) -> None:
    office.hire("sorter")
    for stamp in STAMPS:
        send(*PARCELS, stamp=stamp)

    handled = all_at_once(lambda _: str(relay.drain(batch=5)))

    assert sum(int(number) * times for number, times in handled.items()) == len(sent()) == 120
    assert waiting() == []
    acted = office.sorted_by("sorter")
    assert len(acted) == 120
    for parcel in PARCELS:
        own = [each for each in acted if each.startswith(f"{parcel}/")]
        assert own == [f"{parcel}/{stamp}" for stamp in STAMPS]


def test_64_relays_and_a_handler_that_fails_act_once_on_everything_else(
    office: PostOffice,
) -> None:
    office.hire("careful")
    office.hire("clumsy", clumsy=True)
    office.torn = {"p7", "p21"}
    send(*PARCELS)

    all_at_once(lambda _: str(relay.drain(batch=10)))

    assert waiting() == ["p7", "p21"]
    assert set(Counter(office.sorted_by("careful")).values()) == {1}
    assert len(office.sorted_by("careful")) == len(PARCELS)
    assert sorted(office.sorted_by("clumsy")) == sorted(
        f"{parcel}/1" for parcel in PARCELS if parcel not in office.torn
    )
