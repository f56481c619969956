"""What a merchant's sandbox is at this moment; with a live key the answer costs nothing.

Every address of the retailer's API asks here what time it is and, in test mode, which epoch.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from merchants.magic import TEST
from merchants.models import Sandbox
from okplatform.kernel import clock
from okplatform.kernel.errors import Refusal
from okplatform.kernel.tenancy import merchant_scope
from okplatform.parties.tills import Till
from okplatform.trade.models import Sale


class SaleBeforeReset(Refusal):
    """The test sale with this UUID lies in an earlier epoch of the sandbox."""

    code = "sale_before_reset"
    status = 410
    sentence = _("This test sale is from before the reset. Take a new number.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What surrounds one call: its time, who makes it, and what is no longer seen.

    ``owner`` is whose Idempotency-Keys count together.
    """

    till: Till
    now: datetime
    owner: str
    epoch: int = 0
    after_sale: int = 0
    after_payment: int = 0
    after_link: int = 0

    def check_sale(self, uuid: UUID) -> None:
        """Raise ``SaleBeforeReset`` for a sale that an earlier epoch has."""
        if not self.epoch:
            return
        with merchant_scope(self.till.merchant_id):
            earlier = Sale.objects.filter(mode=TEST, uuid=uuid, pk__lte=self.after_sale)
            if earlier.exists():
                raise SaleBeforeReset


def around(till: Till) -> Around:
    """Return what surrounds a till's call, by one query in test mode and by none in live mode."""
    moment, owner = clock.now(), f"{till.merchant_id}:{till.mode}"
    if till.mode != TEST:
        return Around(till=till, now=moment, owner=owner)
    box = sandbox_of(till.merchant_id)
    if box is None:
        return Around(till=till, now=moment, owner=owner)
    # Wrong codes and Idempotency-Keys of an earlier epoch were counted by a clock that is gone.
    since = f":{box.epoch}" if box.epoch else ""
    return Around(
        till=replace(till, key_id=f"{till.key_id}{since}"),
        now=moment + box.ahead,
        owner=f"{owner}{since}",
        epoch=box.epoch,
        after_sale=box.after_sale,
        after_payment=box.after_payment,
        after_link=box.after_link,
    )


def sandbox_of(merchant_id: int) -> Sandbox | None:
    """Return the merchant's sandbox; None where it was never moved or reset."""
    with merchant_scope(merchant_id):
        found: Sandbox | None = Sandbox.objects.filter(pk=merchant_id).first()
    return found
