"""What a merchant sold for cards and cash, and what the acquirer and the bank say of it.

Nothing of it is OK's money: there are no postings. Amounts are integers in minor units.
"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from okplatform.kernel.modes import Mode
from okplatform.kernel.tenancy import MerchantManager
from okplatform.parties.checks import choice_check, currency_check


class AcquirerAccount(models.Model):
    """A contract of a merchant with whoever settles its card payments.

    ``name`` is also by what the merchant's bank statements name the acquirer, ``iban`` the account
    that it pays to. ``mapping`` says how it writes its file (``payments.bankfiles.acquirer``).
    ``since`` is the first day whose sales are followed, ``gathered_until`` up to when they are.
    """

    merchant = models.ForeignKey("parties.Merchant", on_delete=models.PROTECT, related_name="+")
    mode = models.CharField(max_length=4, choices=Mode.choices)
    name = models.CharField(max_length=80)
    iban = models.CharField("IBAN", max_length=34, blank=True)
    currency = models.CharField(max_length=3)
    mapping = models.JSONField()
    since = models.DateField()
    gathered_until = models.DateTimeField(null=True)
    opened_at = models.DateTimeField()

    objects: ClassVar[models.Manager["AcquirerAccount"]] = MerchantManager()

    class Meta:
        """What PostgreSQL holds for every contract."""

        db_table = "payments_acquirer_account"
        constraints = (
            models.UniqueConstraint(
                fields=("merchant", "mode", "name"), name="acquirer_account_by_name"
            ),
            # What files, lines, batches and arrivals refer to.
            models.UniqueConstraint(
                fields=("merchant", "mode", "id"), name="acquirer_account_by_merchant"
            ),
            models.CheckConstraint(
                condition=Q(iban="") | Q(iban__regex=r"^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$"),
                name="acquirer_account_iban_is_plain",
            ),
            choice_check("acquirer_account", "mode", Mode),
            currency_check("acquirer_account"),
        )

    @override
    def __str__(self) -> str:
        """Return what the merchant calls it."""
        return self.name


class OfAcquirer(models.Model):
    """What belongs to one contract, and so to its merchant and mode."""

    account = models.ForeignKey(
        "payments.AcquirerAccount",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,  # (merchant, mode, account) refers to it
    )
    merchant = models.ForeignKey(
        "parties.Merchant",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    mode = models.CharField(max_length=4, choices=Mode.choices)

    class Meta:
        """No table of its own."""

        abstract = True


class AcquirerFile(OfAcquirer):
    """A file that a merchant uploaded; written once.

    ``refusal`` is the code for which nothing of it was taken in, and then ``content`` is kept for
    inspection, ``line`` and ``sentence`` say where and why.
    """

    form = models.CharField(max_length=8, db_collation="C")
    sha256 = models.BinaryField(max_length=32)
    name = models.CharField(max_length=255)
    received_at = models.DateTimeField()
    lines = models.IntegerField(default=0)
    refusal = models.CharField(max_length=64, blank=True, db_collation="C")
    line = models.BigIntegerField(null=True)
    sentence = models.TextField(blank=True)
    content = models.BinaryField(null=True)

    objects: ClassVar[models.Manager["AcquirerFile"]] = MerchantManager()

    class Meta:
        """A file is taken in once, and refused once for the same reason."""

        db_table = "payments_acquirer_file"
        constraints = (
            models.UniqueConstraint(
                fields=("account", "sha256", "refusal"), name="acquirer_file_once"
            ),
            models.CheckConstraint(
                condition=Q(refusal="", content=None) | ~Q(refusal="") & Q(content__isnull=False),
                name="acquirer_file_refused_is_kept",
            ),
        )
        indexes = (models.Index(fields=("merchant", "mode", "-id"), name="acquirer_file_latest"),)

    @override
    def __str__(self) -> str:
        """Return what the merchant called it."""
        return self.name


class AcquirerBatch(OfAcquirer):
    """What an acquirer pays in one go: the lines of one reference, less its fee.

    ``arrived`` is what the merchant's bank has booked of ``gross - fee``, last on ``arrived_on``.
    """

    reference = models.CharField(max_length=64)
    last_day = models.DateField()
    lines = models.IntegerField()
    gross = models.BigIntegerField()
    fee = models.BigIntegerField()
    arrived = models.BigIntegerField(default=0)
    arrived_on = models.DateField(null=True)

    objects: ClassVar[models.Manager["AcquirerBatch"]] = MerchantManager()

    class Meta:
        """A batch comes in one file; those still to arrive are few."""

        db_table = "payments_acquirer_batch"
        constraints = (
            models.UniqueConstraint(
                fields=("account", "reference"), name="acquirer_batch_by_reference"
            ),
            models.CheckConstraint(condition=Q(lines__gt=0), name="acquirer_batch_has_lines"),
        )
        indexes = (
            models.Index(fields=("merchant", "mode", "-id"), name="acquirer_batch_latest"),
            models.Index(
                fields=("account", "id"),
                condition=~Q(arrived=F("gross") - F("fee")),
                name="acquirer_batch_to_come",
            ),
        )

    @override
    def __str__(self) -> str:
        """Return what the acquirer calls it."""
        return self.reference

    @property
    def net(self) -> int:
        """Return what the acquirer pays for it."""
        return self.gross - self.fee

    @property
    def to_come(self) -> int:
        """Return what the bank has not booked yet."""
        return self.net - self.arrived


class SettledState(models.TextChoices):
    """Where a line, a tender or an arrival stands: it waits for its other half, or does no more."""

    OPEN = "open", _("open")
    MATCHED = "matched", _("matched")
    EXPLAINED = "explained", _("explained")


class AcquirerRule(models.TextChoices):
    """By what two halves were put together, in the order in which it is tried."""

    REFERENCE = "reference", _("by reference")
    AMOUNT_AND_DAY = "amount_day", _("by amount and day")
    PERSON = "person", _("by a person")


class Half(models.Model):
    """One half of a match: facts that never change, and what became of them.

    ``reason`` is what a person said when it was explained without its other half.
    """

    state = models.CharField(
        max_length=9, choices=SettledState.choices, default=SettledState.OPEN, db_collation="C"
    )
    rule = models.CharField(
        max_length=10, choices=AcquirerRule.choices, blank=True, db_collation="C"
    )
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        """No table of its own."""

        abstract = True


class AcquirerLine(OfAcquirer, Half):
    """One card payment as the acquirer settles it: ``amount`` gross, of which it keeps ``fee``."""

    file = models.ForeignKey("payments.AcquirerFile", on_delete=models.PROTECT, related_name="+")
    batch = models.ForeignKey("payments.AcquirerBatch", on_delete=models.PROTECT, related_name="+")
    number = models.IntegerField()
    amount = models.BigIntegerField()
    fee = models.BigIntegerField()
    booked_on = models.DateField()
    reference = models.TextField(db_collation="C")
    bank_reference = models.TextField(db_collation="C")
    text = models.TextField()

    objects: ClassVar[models.Manager["AcquirerLine"]] = MerchantManager()

    class Meta:
        """Each index finds what still waits."""

        db_table = "payments_acquirer_line"
        constraints = (
            models.UniqueConstraint(fields=("file", "number"), name="acquirer_line_once"),
            models.UniqueConstraint(
                fields=("account", "bank_reference"),
                condition=~Q(bank_reference=""),
                name="acquirer_line_by_its_number",
            ),
            # What tenders refer to.
            models.UniqueConstraint(
                fields=("merchant", "mode", "id"), name="acquirer_line_by_merchant"
            ),
            choice_check("acquirer_line", "state", SettledState),
        )
        indexes = (
            models.Index(
                fields=("merchant", "mode", "id"),
                include=("amount",),
                condition=Q(state="open"),
                name="acquirer_line_open",
            ),
            models.Index(
                fields=("merchant", "mode", "id"),
                condition=Q(state="explained", rule="person"),
                name="acquirer_line_explained",
            ),
        )

    @override
    def __str__(self) -> str:
        """Return its place in the file."""
        return f"line {self.number} of file {self.file_id}"


class AcquirerArrival(OfAcquirer, Half):
    """A line of the merchant's own bank that names its acquirer: a batch has come."""

    file = models.ForeignKey("payments.AcquirerFile", on_delete=models.PROTECT, related_name="+")
    batch = models.ForeignKey(
        "payments.AcquirerBatch", on_delete=models.PROTECT, null=True, related_name="+"
    )
    statement = models.TextField(db_collation="C")
    entry = models.IntegerField()
    part = models.IntegerField()
    amount = models.BigIntegerField()
    booked_on = models.DateField()
    text = models.TextField()

    objects: ClassVar[models.Manager["AcquirerArrival"]] = MerchantManager()

    class Meta:
        """A line of a statement is taken in once, in whatever file it comes."""

        db_table = "payments_acquirer_arrival"
        constraints = (
            models.UniqueConstraint(
                fields=("account", "statement", "entry", "part"), name="acquirer_arrival_once"
            ),
            models.CheckConstraint(
                condition=Q(state="matched", batch__isnull=False)
                | ~Q(state="matched") & Q(batch=None),
                name="acquirer_arrival_matched_has_its_batch",
            ),
            choice_check("acquirer_arrival", "state", SettledState),
        )
        indexes = (
            models.Index(
                fields=("merchant", "mode", "id"),
                condition=Q(state="open"),
                name="acquirer_arrival_open",
            ),
            models.Index(
                fields=("merchant", "mode", "id"),
                condition=Q(state="explained", rule="person"),
                name="acquirer_arrival_explained",
            ),
        )

    @override
    def __str__(self) -> str:
        """Return its place in the statement."""
        return f"{self.entry}.{self.part} of {self.statement}"


class ExternalTender(Half):
    """A part of a sale that was paid outside OK, as it is followed from there.

    Read from the stream of sales, never written with them. A card payment waits for the acquirer's
    line; cash is in the merchant's own till, and follows no further.
    """

    pk = models.CompositePrimaryKey("sale_id", "number")
    sale = models.ForeignKey(
        "trade.Sale",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,  # a key would be looked at by every sale; verify proves it instead
    )
    number = models.IntegerField()
    merchant = models.ForeignKey(
        "parties.Merchant", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    mode = models.CharField(max_length=4, choices=Mode.choices)
    kind = models.CharField(max_length=4, db_collation="C")
    amount = models.BigIntegerField()
    reference = models.CharField(max_length=64, blank=True, db_collation="C")
    sold_at = models.DateTimeField()
    line = models.OneToOneField(
        "payments.AcquirerLine",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_constraint=False,  # (merchant, mode, line) refers to it
    )

    objects: ClassVar[models.Manager["ExternalTender"]] = MerchantManager()

    class Meta:
        """What waits is found by its day; what is cash is counted by it."""

        db_table = "payments_external_tender"
        constraints = (
            models.CheckConstraint(
                condition=Q(state="matched", line__isnull=False)
                | ~Q(state="matched") & Q(line=None),
                name="external_tender_matched_has_its_line",
            ),
            models.CheckConstraint(
                condition=Q(kind="pin") | Q(kind="cash", state="explained", line=None),
                name="external_tender_cash_follows_no_further",
            ),
            choice_check("external_tender", "state", SettledState),
        )
        indexes = (
            models.Index(
                fields=("merchant", "mode", "sold_at", "sale"),
                include=("amount",),
                condition=Q(state="open"),
                name="external_tender_open",
            ),
            models.Index(
                fields=("merchant", "mode", "amount", "sold_at"),
                condition=Q(state="open"),
                name="external_tender_by_amount",
            ),
            # What a person decided, to be taken back.
            models.Index(
                fields=("merchant", "mode", "sold_at", "sale"),
                condition=Q(rule="person"),
                name="external_tender_decided",
            ),
            models.Index(
                fields=("merchant", "mode", "kind", "sold_at"),
                include=("amount",),
                name="external_tender_by_day",
            ),
        )

    @override
    def __str__(self) -> str:
        """Return what paid which sale."""
        return f"{self.kind} of sale {self.sale_id}"
