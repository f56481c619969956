"""A merchant with its stores and the tills in them."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from okplatform.kernel.tenancy import MerchantManager
from okplatform.parties.checks import choice_check, currency_check, reference_check
from okplatform.parties.models.person import Language

DEFAULT_TIMEZONE = "Europe/Amsterdam"


class Channel(models.TextChoices):
    """Where a store sells."""

    IN_STORE = "in_store", _("in store")
    ONLINE = "online", _("online")


class Merchant(models.Model):
    """A company that sells: from one market stall to a chain of 1,000 stores.

    ``credit_floor`` is how far below zero the balance may go, in minor units; 0 is not at all. Its
    address (``street`` with the number, ``country`` by ISO 3166-1) is there whole, or not at all.
    """

    reference = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=120)
    kvk = models.CharField(_("KvK number"), max_length=8)
    vat_number = models.CharField(_("VAT number"), max_length=20)
    iban = models.CharField("IBAN", max_length=34)
    currency = models.CharField(max_length=3, default="EUR")
    language = models.CharField(max_length=2, choices=Language.choices, default=Language.DUTCH)
    timezone = models.CharField(max_length=64, default=DEFAULT_TIMEZONE)
    credit_floor = models.BigIntegerField(default=0)
    street = models.CharField(max_length=120, blank=True, default="", db_default="")
    postal_code = models.CharField(max_length=16, blank=True, default="", db_default="")
    city = models.CharField(max_length=80, blank=True, default="", db_default="")
    country = models.CharField(max_length=2, default="NL", db_default="NL")

    class Meta:
        """What PostgreSQL holds for every merchant."""

        constraints = (
            reference_check("merchant"),
            currency_check("merchant"),
            choice_check("merchant", "language", Language),
            models.CheckConstraint(
                condition=models.Q(kvk__regex=r"^[0-9]{8}$"), name="merchant_kvk_has_8_digits"
            ),
            models.CheckConstraint(
                condition=models.Q(credit_floor__lte=0), name="merchant_floor_is_not_above_zero"
            ),
            models.CheckConstraint(
                condition=models.Q(street="", postal_code="", city="")
                | ~models.Q(street="") & ~models.Q(postal_code="") & ~models.Q(city=""),
                name="merchant_address_is_whole",
            ),
            models.CheckConstraint(
                condition=models.Q(country__regex=r"^[A-Z]{2}$"), name="merchant_country_is_a_code"
            ),
        )

    @override
    def __str__(self) -> str:
        """Return the name on the shop front."""
        return self.name

    @property
    def has_address(self) -> bool:
        """Say whether it is known where the company is."""
        return bool(self.street)


class Store(models.Model):
    """A physical store or a webshop; ``channel`` says which."""

    merchant = models.ForeignKey(
        "parties.Merchant", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    reference = models.CharField(max_length=64)
    name = models.CharField(max_length=120)
    channel = models.CharField(max_length=8, choices=Channel.choices, default=Channel.IN_STORE)
    city = models.CharField(max_length=80, blank=True)
    currency = models.CharField(max_length=3, default="EUR")
    timezone = models.CharField(max_length=64, default=DEFAULT_TIMEZONE)

    objects: ClassVar[models.Manager["Store"]] = MerchantManager()

    class Meta:
        """UNIQUE (merchant, id) is what other tables' composite foreign keys point at."""

        constraints = (
            models.UniqueConstraint(fields=("merchant", "reference"), name="store_by_reference"),
            models.UniqueConstraint(fields=("merchant", "id"), name="store_by_merchant"),
            reference_check("store"),
            currency_check("store"),
            choice_check("store", "channel", Channel),
        )

    @override
    def __str__(self) -> str:
        """Return the store's own name."""
        return self.name


class Terminal(models.Model):
    """A till in a store."""

    merchant = models.ForeignKey(
        "parties.Merchant",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,  # (merchant, store) refers to the store, and so to its merchant
    )
    store = models.ForeignKey(
        "parties.Store",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    reference = models.CharField(max_length=64)
    name = models.CharField(max_length=120)

    objects: ClassVar[models.Manager["Terminal"]] = MerchantManager()

    class Meta:
        """UNIQUE (merchant, store, id) is what other tables' composite foreign keys point at."""

        constraints = (
            models.UniqueConstraint(fields=("store", "reference"), name="terminal_by_reference"),
            models.UniqueConstraint(fields=("merchant", "store", "id"), name="terminal_by_store"),
            reference_check("terminal"),
        )

    @override
    def __str__(self) -> str:
        """Return the name on the till."""
        return self.name
