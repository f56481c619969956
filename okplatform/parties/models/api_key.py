"""What a till or a webshop signs in with."""

from datetime import timedelta
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from typing_extensions import override

from okplatform.kernel.modes import Mode
from okplatform.kernel.tenancy import MerchantManager
from okplatform.parties.checks import choice_check, reference_check
from okplatform.parties.scopes import Scope

OVERLAP = timedelta(days=7)
"""How long a key may still work once another has taken its place."""
LONGEST_NETWORK = 43
"""The longest that a network of IPv6 is written."""


def _scopes(**options: Any) -> "ArrayField[Any, Any]":
    return ArrayField(models.CharField(max_length=32, choices=Scope.choices), **options)


def _amount_check(table: str, *fields: str) -> tuple[models.CheckConstraint, ...]:
    return tuple(
        models.CheckConstraint(
            condition=models.Q(**{f"{field}__gte": 0}), name=f"{table}_{field}_not_below_zero"
        )
        for field in fields
    )


class Partner(models.Model):
    """A till vendor."""

    reference = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=120)

    class Meta:
        """What PostgreSQL holds for every partner."""

        constraints = (reference_check("partner"),)

    @override
    def __str__(self) -> str:
        """Return the vendor's name."""
        return self.name


class PartnerGrant(models.Model):
    """A merchant lets a partner act for it, until it withdraws that.

    The partner's own keys may do what the key and the grant both say, per mode, and give back so
    much a day in all, and so much for one of the merchant's references; NULL is no limit.
    """

    partner = models.ForeignKey("parties.Partner", on_delete=models.PROTECT, related_name="+")
    merchant = models.ForeignKey(
        "parties.Merchant", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    granted_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    live_scopes = _scopes(default=list, db_default=[])
    test_scopes = _scopes(default=list, db_default=[])
    refunds_a_day = models.BigIntegerField(null=True)
    refunds_a_reference = models.BigIntegerField(null=True)

    objects: ClassVar[models.Manager["PartnerGrant"]] = MerchantManager()

    class Meta:
        """UNIQUE (merchant, partner) is what a partner's key refers to: no grant, no key."""

        constraints = (
            models.UniqueConstraint(fields=("merchant", "partner"), name="grant_once"),
            models.CheckConstraint(
                condition=models.Q(
                    live_scopes__contained_by=[
                        scope.value for scope in Scope if scope is not Scope.TEST_CODES
                    ],
                    test_scopes__contained_by=[scope.value for scope in Scope],
                ),
                name="grant_scopes_are_known",
            ),
            *_amount_check("grant", "refunds_a_day", "refunds_a_reference"),
        )

    @override
    def __str__(self) -> str:
        """Return which partner at which merchant."""
        return f"{self.partner_id} at {self.merchant_id}"


class ApiKey(models.Model):
    """A key of the form ``ok_live_<prefix>_<secret>``.

    The prefix finds the row; ``digest`` proves the secret: the hexadecimal HMAC-SHA256 of it under
    OK_API_KEY_PEPPER, which lives outside the database. A key may be held to one store, or to one
    terminal in it, and to callers from ``networks``; none is anywhere. A rotated key works until
    ``ends_at``; ``origin`` is the first of those that took each other's place, and they share what
    may be given back. ``last_used_from`` is a network, never an address.
    """

    merchant = models.ForeignKey("parties.Merchant", on_delete=models.PROTECT, related_name="+")
    store = models.ForeignKey(
        "parties.Store",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        db_constraint=False,  # the composite keys refer to store, terminal and grant
    )
    terminal = models.ForeignKey(
        "parties.Terminal",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    partner = models.ForeignKey(
        "parties.Partner",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    mode = models.CharField(max_length=4, choices=Mode.choices)
    name = models.CharField(max_length=120)
    prefix = models.CharField(max_length=12)
    digest = models.CharField(max_length=64)
    scopes = _scopes()
    networks = ArrayField(models.CharField(max_length=LONGEST_NETWORK), default=list, db_default=[])
    calls_per_minute = models.IntegerField(null=True)
    refunds_a_day = models.BigIntegerField(null=True)
    refunds_a_reference = models.BigIntegerField(null=True)
    origin = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        db_constraint=False,  # (merchant, origin) refers to it
    )
    made_by = models.CharField(max_length=80, default="", db_default="")
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    last_used_from = models.CharField(max_length=LONGEST_NETWORK, default="", db_default="")
    rotated_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["ApiKey"]] = MerchantManager()

    class Meta:
        """What PostgreSQL holds for every key."""

        constraints = (
            models.UniqueConstraint(fields=("prefix",), name="api_key_by_prefix"),
            models.UniqueConstraint(fields=("merchant", "id"), name="api_key_by_merchant"),
            choice_check("api_key", "mode", Mode),
            models.CheckConstraint(
                condition=models.Q(scopes__contained_by=[scope.value for scope in Scope]),
                name="api_key_scopes_are_known",
            ),
            models.CheckConstraint(
                condition=models.Q(mode=Mode.TEST.value)
                | ~models.Q(scopes__contains=[Scope.TEST_CODES.value]),
                name="api_key_test_codes_in_test_only",
            ),
            models.CheckConstraint(
                condition=models.Q(terminal__isnull=True) | models.Q(store__isnull=False),
                name="api_key_terminal_has_its_store",
            ),
            models.CheckConstraint(
                condition=models.Q(rotated_at=None, ends_at=None)
                | models.Q(
                    rotated_at__isnull=False,
                    ends_at__isnull=False,
                    ends_at__gte=models.F("rotated_at"),
                    ends_at__lte=models.F("rotated_at") + OVERLAP,
                ),
                name="api_key_ends_within_a_week",
            ),
            models.CheckConstraint(
                condition=models.Q(calls_per_minute__gte=1), name="api_key_may_be_used"
            ),
            *_amount_check("api_key", "refunds_a_day", "refunds_a_reference"),
        )

    @override
    def __str__(self) -> str:
        """Return the name the merchant gave it."""
        return self.name


class PartnerKey(models.Model):
    """A partner's own key: it acts for whichever merchant a call names, where that was granted."""

    partner = models.ForeignKey("parties.Partner", on_delete=models.PROTECT, related_name="+")
    mode = models.CharField(max_length=4, choices=Mode.choices)
    name = models.CharField(max_length=120)
    prefix = models.CharField(max_length=12)
    digest = models.CharField(max_length=64)
    scopes = _scopes()
    networks = ArrayField(models.CharField(max_length=LONGEST_NETWORK), default=list, db_default=[])
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    last_used_from = models.CharField(max_length=LONGEST_NETWORK, default="", db_default="")
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        """What PostgreSQL holds for every one."""

        db_table = "parties_partner_key"
        constraints = (
            models.UniqueConstraint(fields=("prefix",), name="partner_key_by_prefix"),
            choice_check("partner_key", "mode", Mode),
            models.CheckConstraint(
                condition=models.Q(scopes__contained_by=[scope.value for scope in Scope]),
                name="partner_key_scopes_are_known",
            ),
            models.CheckConstraint(
                condition=models.Q(mode=Mode.TEST.value)
                | ~models.Q(scopes__contains=[Scope.TEST_CODES.value]),
                name="partner_key_test_codes_in_test_only",
            ),
        )

    @override
    def __str__(self) -> str:
        """Return the name the partner gave it."""
        return self.name


class RefundCount(models.Model):
    """What was given back on a day by one who has a limit: in all, and for one reference.

    ``holder`` is a key ("key:12") or a grant ("grant:3"); the row without a reference is the whole.
    """

    merchant = models.ForeignKey(
        "parties.Merchant", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    holder = models.CharField(max_length=32)
    day = models.DateField()
    reference = models.CharField(max_length=64, blank=True, default="")
    amount = models.BigIntegerField()

    objects: ClassVar[models.Manager["RefundCount"]] = MerchantManager()

    class Meta:
        """A row per holder, day and reference: limits are conditional updates of it."""

        db_table = "parties_refund_count"
        constraints = (
            models.UniqueConstraint(
                fields=("holder", "day", "reference"), name="refund_count_by_holder"
            ),
            *_amount_check("refund_count", "amount"),
        )

    @override
    def __str__(self) -> str:
        """Return whose and when."""
        return f"{self.holder} on {self.day}"
