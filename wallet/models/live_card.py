"""Whose a brand of cards is, and which cards stand for a membership."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from okplatform.kernel.tenancy import MerchantManager
from okplatform.parties.checks import choice_check

LONGEST_BRAND = 80


class BrandClaimState(models.TextChoices):
    """How far a merchant's word has come."""

    ASKED = "asked", _("waits for OK")
    CONFIRMED = "confirmed", _("confirmed")
    REFUSED = "refused", _("refused")
    ENDED = "ended", _("ended")


class BrandClaim(models.Model):
    """A merchant says that the cards of a brand (``wallet.programmes.brand_of``) are its own.

    Only in force once OK's office confirmed it: anybody could say so of anybody's cards, and would
    then be offered to their owners. A claim that was refused or ended stays as it was decided; the
    merchant may ask again. ``name`` is the brand as people read it.
    """

    merchant = models.ForeignKey("parties.Merchant", on_delete=models.PROTECT, related_name="+")
    brand = models.CharField(max_length=LONGEST_BRAND)
    name = models.CharField(max_length=LONGEST_BRAND)
    state = models.CharField(
        max_length=9, choices=BrandClaimState.choices, default=BrandClaimState.ASKED
    )
    asked_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)

    objects: Any = MerchantManager()

    class Meta:
        """A brand is one merchant's; two may ask for it, each once."""

        db_table = "wallet_brand_claim"
        constraints = (
            models.UniqueConstraint(
                fields=("brand",),
                condition=models.Q(state="confirmed"),
                name="brand_is_one_merchants",
            ),
            models.UniqueConstraint(
                fields=("merchant", "brand"),
                condition=models.Q(state__in=("asked", "confirmed")),
                name="brand_claim_once",
            ),
            models.CheckConstraint(condition=~models.Q(brand=""), name="brand_claim_names_one"),
            models.CheckConstraint(
                condition=models.Q(state="asked") | models.Q(decided_at__isnull=False),
                name="brand_claim_decided_at_a_moment",
            ),
            choice_check("brand_claim", "state", BrandClaimState),
        )

    @override
    def __str__(self) -> str:
        """Return the name on the cards."""
        return self.name


class LiveCard(models.Model):
    """A card that its person coupled to a membership, by the claim that was in force then.

    Live only while that claim is: without it the card is what it was, and nothing on it was lost.
    """

    person = models.ForeignKey("parties.Person", on_delete=models.PROTECT, related_name="+")
    card = models.OneToOneField(
        "wallet.Card",
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,  # (card, person) refers to the card
    )
    claim = models.ForeignKey("wallet.BrandClaim", on_delete=models.PROTECT, related_name="+")
    coupled_at = models.DateTimeField()

    objects: Any = MerchantManager()

    class Meta:
        """That the card is the person's own, ``sql/live.sql`` holds."""

        db_table = "wallet_live_card"

    @override
    def __str__(self) -> str:
        """Return which card."""
        return f"card {self.card_id}"
