"""What a till or a webshop signs in with."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from typing_extensions import override

from okplatform.kernel.modes import Mode
from okplatform.kernel.tenancy import MerchantManager
from okplatform.parties.checks import choice_check, reference_check
from okplatform.parties.scopes import Scope


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
    """A merchant lets a partner's keys act for it, until it withdraws that."""

    partner = models.ForeignKey("parties.Partner", on_delete=models.PROTECT, related_name="+")
    merchant = models.ForeignKey(
        "parties.Merchant", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    granted_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["PartnerGrant"]] = MerchantManager()

    class Meta:
        """UNIQUE (merchant, partner) is what a partner's key refers to: no grant, no key."""

        constraints = (models.UniqueConstraint(fields=("merchant", "partner"), name="grant_once"),)

    @override
    def __str__(self) -> str:
        """Return which partner at which merchant."""
        return f"{self.partner_id} at {self.merchant_id}"


class ApiKey(models.Model):
    """A key of the form ``ok_live_<prefix>_<secret>``.

    The prefix finds the row; ``digest`` proves the secret: the hexadecimal HMAC-SHA256 of it under
    OK_API_KEY_PEPPER, which lives outside the database. A key may be held to one store, or to one
    terminal in it.
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
    scopes = ArrayField(models.CharField(max_length=32, choices=Scope.choices))
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["ApiKey"]] = MerchantManager()

    class Meta:
        """What PostgreSQL holds for every key."""

        constraints = (
            models.UniqueConstraint(fields=("prefix",), name="api_key_by_prefix"),
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
        )

    @override
    def __str__(self) -> str:
        """Return the name the merchant gave it."""
        return self.name
