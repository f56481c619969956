"""A person's role at a merchant."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from okplatform.kernel.tenancy import MerchantManager
from okplatform.parties.checks import choice_check


class Role(models.TextChoices):
    """What someone does at a merchant; pages name the roles they are for."""

    OWNER = "owner", _("owner")
    MANAGER = "manager", _("manager")
    FINANCE = "finance", _("finance")
    MARKETER = "marketer", _("marketer")
    CASHIER = "cashier", _("cashier")


class Membership(models.Model):
    """A person works for a merchant, everywhere or (``store`` set) in one store."""

    person = models.ForeignKey(
        "parties.Person", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    merchant = models.ForeignKey("parties.Merchant", on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=8, choices=Role.choices)
    store = models.ForeignKey(
        "parties.Store",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        db_constraint=False,  # (merchant, store) refers to the store
    )

    objects: ClassVar[models.Manager["Membership"]] = MerchantManager()

    class Meta:
        """One role per person and merchant."""

        constraints = (
            models.UniqueConstraint(fields=("person", "merchant"), name="membership_once"),
            choice_check("membership", "role", Role),
        )

    @override
    def __str__(self) -> str:
        """Return the role; whose and where takes a query."""
        return self.role
