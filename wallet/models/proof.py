"""Proofs that answer yes or no: what an issuer attested, and when a person offers it."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from okplatform.parties.checks import choice_check


class Claim(models.TextChoices):
    """What can be proved."""

    AGE_18 = "age_over_18", _("18 or older")
    STUDENT = "student", _("student")


class Attestation(models.Model):
    """What an issuer signed about a person: one claim, true or false, until it ends.

    Neither a date of birth nor a name of a school is kept; ``credential_digest`` (SHA-256) tells
    which credential it was, so that one is not used for two people.
    """

    person = models.ForeignKey(
        "parties.Person", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    claim = models.CharField(max_length=16, choices=Claim.choices)
    holds = models.BooleanField()
    issuer = models.TextField()
    credential_digest = models.BinaryField(max_length=32)
    attested_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        """The newest per person and claim counts; a credential belongs to one person."""

        constraints = (
            models.UniqueConstraint(fields=("person", "claim"), name="attestation_once"),
            models.UniqueConstraint(
                fields=("credential_digest", "claim"), name="attestation_is_one_persons"
            ),
            choice_check("attestation", "claim", Claim),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("attested_at")), name="attestation_ends_later"
            ),
        )

    @override
    def __str__(self) -> str:
        """Return the claim."""
        return self.claim


class AttestationRequest(models.Model):
    """A person on their way to an issuer; ``nonce`` comes back in what the issuer signs, once."""

    person = models.ForeignKey("parties.Person", on_delete=models.PROTECT, related_name="+")
    claim = models.CharField(max_length=16, choices=Claim.choices)
    issuer = models.TextField()
    nonce = models.CharField(max_length=64, unique=True)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        """What PostgreSQL holds for every one."""

        db_table = "wallet_attestation_request"
        constraints = (choice_check("attestation_request", "claim", Claim),)

    @override
    def __str__(self) -> str:
        """Return the claim."""
        return self.claim


class ProofOffer(models.Model):
    """A person lets the next shop that scans their code ask one thing, once and for minutes."""

    person = models.ForeignKey(
        "parties.Person", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    claim = models.CharField(max_length=16, choices=Claim.choices)
    offered_at = models.DateTimeField()
    until = models.DateTimeField()
    merchant = models.ForeignKey(
        "parties.Merchant", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    used_at = models.DateTimeField(null=True)

    class Meta:
        """Used by one merchant, or by nobody."""

        db_table = "wallet_proof_offer"
        constraints = (
            choice_check("proof_offer", "claim", Claim),
            models.CheckConstraint(
                condition=Q(merchant=None, used_at=None)
                | Q(merchant__isnull=False, used_at__isnull=False),
                name="proof_offer_is_used_by_somebody",
            ),
        )
        indexes = (
            models.Index(fields=("person", "claim", "-until"), name="proof_offer_of_person"),
        )

    @override
    def __str__(self) -> str:
        """Return the claim."""
        return self.claim
