"""A request to pay, for whoever opens its address."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from typing_extensions import override

from okplatform.kernel.modes import Mode
from okplatform.kernel.tenancy import MerchantManager
from okplatform.parties.checks import choice_check, currency_check


class PaymentLink(models.Model):
    """A payment link: each time somebody pays, it makes a sale of its store.

    ``amount`` is in minor units; where it is open (NULL) the payer says it, from ``least`` to
    ``most``. ``only_once``: the first who pays is the last. ``token`` is the unguessable part of
    its address. ``vat_rate_bp`` is of what is paid for, in basis points.
    """

    merchant = models.ForeignKey(
        "parties.Merchant",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,  # (merchant, store) refers to it
    )
    store = models.ForeignKey(
        "parties.Store",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    mode = models.CharField(max_length=4, choices=Mode.choices)
    uuid = models.UUIDField()
    token = models.CharField(max_length=43)
    amount = models.BigIntegerField(null=True)
    least = models.BigIntegerField(null=True)
    most = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3)
    vat_rate_bp = models.IntegerField()
    description = models.CharField(max_length=140)
    reference = models.CharField(max_length=64, blank=True)
    only_once = models.BooleanField()
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["PaymentLink"]] = MerchantManager()

    class Meta:
        """What PostgreSQL holds for every link."""

        db_table = "merchants_payment_link"
        constraints = (
            models.UniqueConstraint(fields=("token",), name="link_by_token"),
            models.UniqueConstraint(fields=("merchant", "mode", "uuid"), name="link_by_uuid"),
            # What payments refer to, and how a merchant's links are listed.
            models.UniqueConstraint(fields=("merchant", "mode", "id"), name="link_by_merchant"),
            models.CheckConstraint(
                condition=Q(amount__gt=0, least=None, most=None)
                | Q(amount=None, least__gt=0, most__gte=F("least")),
                name="link_amount_is_fixed_or_open",
            ),
            models.CheckConstraint(
                condition=Q(vat_rate_bp__range=(0, 10_000)), name="link_vat_rate_is_a_rate"
            ),
            choice_check("link", "mode", Mode),
            currency_check("link"),
        )

    @override
    def __str__(self) -> str:
        """Return what it is for."""
        return self.description
