from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from pytest_django import Settings

from merchants.models import DeliveryState, WebhookDelivery, WebhookEndpoint
from merchants.webhooks.actions.add_endpoint import add_endpoint
from merchants.webhooks.actions.deliver_next import deliver_next
from merchants.webhooks.queries import due_endpoints
from merchants.webhooks.vocabulary import NAMES
from okplatform.kernel import clock
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.modes import Mode
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.models import Merchant
from tests.loyalty.bakery import Bakery
from tests.support.counter import Counter, settle_events
from tests.support.receiver import Receiver, receiving
from tests.support.world import World


@pytest.fixture(autouse=True)
def loopback(settings: Settings) -> None:
    """Let endpoints lie on this machine, as on a developer's own."""
    settings.OK_WEBHOOK_LOOPBACK = True


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """The merchant's server."""
    with receiving() as found:
        yield found


@dataclass
class Line:
    """An endpoint as a test holds it: added an hour ago, served when the test says so."""

    merchant: Merchant
    url: str
    mode: str = Mode.LIVE
    types: tuple[str, ...] = NAMES
    uuid: UUID = field(default_factory=uuid4)
    secret: str = ""
    now: datetime = field(default_factory=clock.now)

    def __post_init__(self) -> None:
        self.secret = (
            add_endpoint(
                merchant_id=self.merchant.pk,
                mode=self.mode,
                uuid=self.uuid,
                url=self.url,
                types=self.types,
                now=self.now - timedelta(hours=1),
                actor=SYSTEM,
            )
            or ""
        )

    @property
    def row(self) -> WebhookEndpoint:
        with operator_scope("the test looks"):
            return WebhookEndpoint.objects.get(uuid=self.uuid)

    @property
    def deliveries(self) -> list[WebhookDelivery]:
        with operator_scope("the test looks"):
            mine = WebhookDelivery.objects.filter(endpoint__uuid=self.uuid)
            return list(mine.order_by("place"))

    @property
    def states(self) -> list[str]:
        return [one.state for one in self.deliveries]

    def serve(self, *, after: timedelta = timedelta()) -> list[DeliveryState]:
        """Send as the worker would, ``after`` so much time; return what became of each."""
        self.now = max(self.now, clock.now()) + after
        done: list[DeliveryState] = []
        while self.row.pk in due_endpoints(now=self.now, most=100):
            state = deliver_next(endpoint_id=self.row.pk, now=self.now, actor=SYSTEM)
            if state is not None:
                done.append(state)
            if state is not DeliveryState.DELIVERED:
                break
        return done


@pytest.fixture
def line(bakery: Bakery, world: World, receiver: Receiver) -> Line:
    """The bakery's endpoint, which hears of everything."""
    return Line(world.bol.merchant, receiver.url)


@pytest.fixture
def three(line: Line, counter: Counter) -> Line:
    """An endpoint that three sales wait for."""
    for _sale in range(3):
        counter.sell()
    settle_events()
    return line
