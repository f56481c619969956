"""That a key is used is noted, but not at every sale."""

from datetime import timedelta

from okplatform.kernel.tenancy import merchant_scope
from okplatform.parties.actions.use_api_key import use_api_key
from okplatform.parties.models import ApiKey
from tests.support.world import NOW, World


def test_the_use_of_a_key_is_noted_once_a_minute(world: World) -> None:
    noted = []
    for seconds in (0, 30, 59, 60, 61):
        use_api_key(key=world.till.key, now=NOW + timedelta(seconds=seconds))
        with merchant_scope(world.bol.merchant.pk):
            noted.append(ApiKey.objects.get().last_used_at)

    first, second = NOW, NOW + timedelta(seconds=60)
    assert noted == [first, first, first, second, second]
