"""What a person allows a merchant to know, and each time somebody knew it."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from okplatform.kernel.tenancy import MerchantManager
from okplatform.parties.checks import choice_check
from okplatform.parties.models import Language


class Purpose(models.TextChoices):
    """What a consent is for; each on its own, off by default, in the order of the page."""

    IDENTITY = "identity", _("Who you are")
    CONTACT = "contact", _("How to reach you")
    PURCHASES = "purchases", _("What you bought here")
    PREFERENCES = "preferences", _("Your preferences")
    RECOGNITION = "recognition", _("Recognition in the shop")
    OFFERS = "offers", _("Personal offers")
    BIRTHDAY = "birthday", _("Your birthday")
    MAIL = "mail", _("Post by e-mail")
    PUSH = "push", _("Messages on your phone")
    ALLERGIES = "allergies", _("Your allergies")


PROOF = "proof"
"""Beside the purposes, on what somebody may have looked: a proof that the person offered."""


class Fact(models.TextChoices):
    """What somebody may have seen, as it reads behind "saw"."""

    NAME = "name", _("your name")
    CONTACT = "contact", _("how to reach you")
    PURCHASES = "purchases", _("what you bought here")
    PREFERENCES = "preferences", _("your preferences")
    VISITS = "visits", _("how often you come here")
    ALLERGIES = "allergies", _("your allergies")
    PROOF = "proof", _("the answer to a proof you offered")


class Why(models.TextChoices):
    """What somebody looked for."""

    TILL = "till", _("when your code was scanned")
    QUESTION = "question", _("a question about a purchase")
    CARD = "card", _("your customer card, by your code")
    PROOF = "proof", _("a proof you offered")


class Consent(models.Model):
    """A person's yes to one merchant for one purpose, in force until withdrawn.

    ``text_version`` and ``language`` say exactly which text the person read
    (``wallet.consent_texts``).
    """

    person = models.ForeignKey(
        "parties.Person", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    merchant = models.ForeignKey(
        "parties.Merchant", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    purpose = models.CharField(max_length=16, choices=Purpose.choices)
    text_version = models.PositiveSmallIntegerField()
    language = models.CharField(max_length=2, choices=Language.choices)
    granted_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    objects: Any = MerchantManager()

    class Meta:
        """At most one consent in force per person, merchant and purpose."""

        constraints = (
            models.UniqueConstraint(
                fields=("person", "merchant", "purpose"),
                condition=models.Q(withdrawn_at__isnull=True),
                name="consent_in_force_once",
            ),
            choice_check("consent", "purpose", Purpose),
            choice_check("consent", "language", Language),
            models.CheckConstraint(
                condition=models.Q(withdrawn_at__isnull=True)
                | models.Q(withdrawn_at__gte=models.F("granted_at")),
                name="consent_withdrawn_after_grant",
            ),
        )
        indexes = (
            models.Index(fields=("person", "merchant", "granted_at"), name="consent_history"),
            models.Index(
                fields=("merchant", "purpose", "person"),
                condition=models.Q(withdrawn_at__isnull=True),
                name="consent_of_merchant",
            ),
        )

    @override
    def __str__(self) -> str:
        """Return the purpose; whose and where takes a query."""
        return self.purpose


class ConsentWording(models.Model):
    """A text that people say yes to, word for word; PostgreSQL lets nobody change or remove it.

    ``wallet.consent_texts`` brings them; ``{merchant}`` stands for the merchant's name.
    """

    purpose = models.CharField(max_length=16, choices=Purpose.choices)
    version = models.PositiveSmallIntegerField()
    language = models.CharField(max_length=2, choices=Language.choices)
    title = models.TextField()
    summary = models.TextField()
    full = models.TextField()

    class Meta:
        """One text per purpose, version and language."""

        db_table = "wallet_consent_wording"
        constraints = (
            models.UniqueConstraint(
                fields=("purpose", "version", "language"), name="consent_wording_once"
            ),
        )

    @override
    def __str__(self) -> str:
        """Return which text it is."""
        return f"{self.purpose} {self.version} {self.language}"


class Disclosure(models.Model):
    """One line of "who looked": somebody at a merchant saw something about a person.

    ``actor_kind`` and ``actor_id`` are the kernel's actor; ``actor_name`` is what the person reads
    ("Till 2, Haarlem"), kept as it was; ``what`` names the fact shown, ``why`` what it was for and
    ``about`` which purchase that concerned, as its receipt says.
    """

    person = models.ForeignKey(
        "parties.Person", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    merchant = models.ForeignKey(
        "parties.Merchant", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    actor_kind = models.TextField()
    actor_id = models.TextField()
    actor_name = models.TextField()
    purpose = models.CharField(max_length=16)
    what = models.TextField(choices=Fact.choices)
    why = models.TextField(choices=Why.choices, default=Why.TILL, db_default=Why.TILL.value)
    about = models.TextField(blank=True, default="", db_default="")
    at = models.DateTimeField()

    objects: Any = MerchantManager()

    class Meta:
        """Read by person, newest first."""

        constraints = (
            models.CheckConstraint(
                condition=models.Q(purpose__in=[*Purpose.values, PROOF]),
                name="disclosure_purpose_is_known",
            ),
        )
        indexes = (models.Index(fields=("person", "merchant", "-at"), name="disclosure_of_person"),)

    @override
    def __str__(self) -> str:
        """Return who saw what."""
        return f"{self.actor_name}: {self.what}"
