"""What the certification robot found of a till's software."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from typing_extensions import override

from okplatform.kernel.tenancy import MerchantManager


class Certificate(models.Model):
    """One run of the robot, all of it: whose software, which version, and whether it passed.

    It is about the merchant's test sales, and never changes: another run is another certificate.
    """

    merchant = models.ForeignKey("parties.Merchant", on_delete=models.PROTECT, related_name="+")
    uuid = models.UUIDField(unique=True)
    software = models.CharField(max_length=64)
    version = models.CharField(max_length=64)
    is_passed = models.BooleanField()
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField()

    objects: ClassVar[models.Manager["Certificate"]] = MerchantManager()

    class Meta:
        """UNIQUE (merchant, id) is what steps refer to."""

        constraints = (
            models.UniqueConstraint(fields=("merchant", "id"), name="certificate_by_merchant"),
            models.CheckConstraint(
                condition=Q(ended_at__gte=F("began_at")), name="certificate_ends_after_it_began"
            ),
            models.CheckConstraint(
                condition=~Q(software="") & ~Q(version=""), name="certificate_names_its_software"
            ),
        )

    @override
    def __str__(self) -> str:
        """Return whose it is."""
        return f"{self.software} {self.version}"


class CertificateStep(models.Model):
    """One step of one scenario, in the order in which they were judged.

    ``calls`` are those of the scenario, a line each, beside its first step that did not hold.
    """

    certificate = models.ForeignKey(
        "merchants.Certificate",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,  # (merchant, certificate) refers to it
    )
    merchant = models.ForeignKey(
        "parties.Merchant",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    number = models.PositiveSmallIntegerField()
    scenario = models.CharField(max_length=32)
    step = models.CharField(max_length=32)
    is_met = models.BooleanField()
    calls = models.TextField(blank=True)

    objects: ClassVar[models.Manager["CertificateStep"]] = MerchantManager()

    class Meta:
        """A step is judged once in a scenario; a certificate's steps are found by its key."""

        db_table = "merchants_certificate_step"
        constraints = (
            models.UniqueConstraint(
                fields=("certificate", "number"), name="certificate_step_by_number"
            ),
            models.UniqueConstraint(
                fields=("certificate", "scenario", "step"), name="certificate_step_once"
            ),
            models.CheckConstraint(
                condition=Q(is_met=False) | Q(calls=""), name="certificate_step_explains_failure"
            ),
        )

    @override
    def __str__(self) -> str:
        """Return what was judged."""
        return f"{self.scenario}: {self.step}"
