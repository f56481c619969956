"""What OK's work costs: plans with dated prices, and which plan a merchant has from when.

Prices are in 1/100 cent and basis points, VAT not included (``payments.bookkeeping.fees``).
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from typing_extensions import override

from okplatform.kernel.tenancy import MerchantManager
from okplatform.parties.checks import reference_check


class Plan(models.Model):
    """A plan by its code; ``is_default`` is the one of merchants that chose none.

    ``name`` is in both languages: ``{"nl", "en"}``.
    """

    code = models.CharField(max_length=32, unique=True)
    name = models.JSONField()
    is_default = models.BooleanField(default=False)

    class Meta:
        """One default at most."""

        constraints = (
            models.UniqueConstraint(
                fields=("is_default",), condition=Q(is_default=True), name="plan_has_one_default"
            ),
            reference_check("plan", "code"),
        )

    @override
    def __str__(self) -> str:
        """Return its code."""
        return self.code


class PlanPrice(models.Model):
    """What a plan costs from a day on, until the next price; written once, never changed.

    ``monthly`` and the fixed parts are in 1/100 cent, percentages in basis points of what was paid
    with OK. ``returns_fees`` says that a refund gives its part of the payment's fee back,
    ``refund_fixed`` what a refund itself costs, whatever its amount.
    """

    plan = models.ForeignKey(
        "payments.Plan", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    since = models.DateField()
    monthly = models.BigIntegerField()
    in_store_fixed = models.BigIntegerField()
    in_store_bp = models.IntegerField()
    online_fixed = models.BigIntegerField()
    online_bp = models.IntegerField()
    returns_fees = models.BooleanField(default=False)
    refund_fixed = models.BigIntegerField(default=0, db_default=0)

    class Meta:
        """One price a day; a fee is not negative, and no more than what was paid."""

        db_table = "payments_plan_price"
        constraints = (
            models.UniqueConstraint(fields=("plan", "since"), name="plan_price_since"),
            models.CheckConstraint(
                condition=Q(
                    monthly__gte=0,
                    in_store_fixed__gte=0,
                    online_fixed__gte=0,
                    refund_fixed__gte=0,
                    in_store_bp__range=(0, 10_000),
                    online_bp__range=(0, 10_000),
                ),
                name="plan_price_is_not_negative",
            ),
        )

    @override
    def __str__(self) -> str:
        """Return from when it holds."""
        return f"plan {self.plan_id} since {self.since}"


class MerchantPlan(models.Model):
    """Which plan a merchant has from a day on, until the next; written once, never changed."""

    merchant = models.ForeignKey(
        "parties.Merchant", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    plan = models.ForeignKey(
        "payments.Plan", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    since = models.DateField()

    objects: ClassVar[models.Manager["MerchantPlan"]] = MerchantManager()

    class Meta:
        """One plan a day; its index also finds the plan of a day."""

        db_table = "payments_merchant_plan"
        constraints = (
            models.UniqueConstraint(fields=("merchant", "since"), name="merchant_plan_since"),
        )

    @override
    def __str__(self) -> str:
        """Return from when it holds."""
        return f"merchant {self.merchant_id} since {self.since}"
