"""The live page: both channels as one stream, moving within a second of the sale."""

from typing import Any
from zoneinfo import ZoneInfo

from typing_extensions import override

from merchants.analytics import queries
from okplatform.kernel import clock
from okplatform.kernel.modes import Mode
from okplatform.web.permissions import staff
from okplatform.web.views import StaffPage


class LiveFigures(StaffPage):
    """The figures alone, which the page fetches anew when it hears of a sale."""

    required_permission = staff(*queries.WATCHERS)
    template_name = "merchants/live_figures.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give today so far, and the same weekday last week up to the same quarter of an hour."""
        local = clock.now().astimezone(ZoneInfo(self.merchant.timezone))
        mode, day, quarter = Mode.LIVE, local.date(), queries.quarter_of(local)
        today = queries.day_figures(mode=mode, day=day)
        before = queries.day_figures(mode=mode, day=day - queries.WEEK, before_quarter=quarter)
        change = queries.change(today.turnover, before.turnover)
        return super().get_context_data(
            today=today,
            change=change,
            change_size=abs(change or 0),
            weekday=local,
            stores=queries.store_figures(mode=mode, day=day, before_quarter=quarter),
            quarters=queries.quarters(mode=mode, day=day),
            latest=queries.latest_sales(mode=mode),
            currency=self.merchant.currency,
            **kwargs,
        )


class LivePage(LiveFigures):
    """The page around the figures; it works without a script, and moves with one."""

    template_name = "merchants/live.html"
