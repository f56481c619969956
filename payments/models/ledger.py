"""The ledger's tables: append-only entries, and how far their sums are folded.

Amounts are integers in the asset's minor unit; positive means that OK owes the holder. Nobody
writes here but the functions of ``migrations/sql/ledger.sql``, which ``payments.ledger`` calls.
Words that machines compare are stored with collation "C": compared as bytes, which is faster.
"""

from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models import Func, Q
from typing_extensions import override

from okplatform.kernel.modes import Mode
from okplatform.parties.checks import choice_check
from payments.models.fields import Xid8


class CurrentXid(Func):
    """The number of the transaction that writes the row."""

    function = "pg_current_xact_id"
    output_field = Xid8()


class AccountKind(models.Model):
    """A line of the chart (``payments.chart``), as PostgreSQL needs it to open an account.

    ``floor`` is None where an account may go as low as it likes; with ``credit_floor`` the
    merchant's own counts instead.
    """

    kind = models.CharField(max_length=24, primary_key=True, db_collation="C")
    owner_type = models.CharField(max_length=16, db_collation="C")
    floor = models.BigIntegerField(null=True)
    credit_floor = models.BooleanField()

    class Meta:
        """UNIQUE (kind, owner_type) is what accounts refer to."""

        db_table = "payments_account_kind"
        constraints = (
            models.UniqueConstraint(fields=("kind", "owner_type"), name="account_kind_by_owner"),
        )

    @override
    def __str__(self) -> str:
        """Return the word for it."""
        return self.kind


class Account(models.Model):
    """Whose value: one account per kind, owner, asset and mode.

    ``floor`` is how low it may go, None without limit. All else never changes.
    """

    kind = models.CharField(max_length=24, db_collation="C")
    owner_type = models.CharField(max_length=16, db_collation="C")
    owner_id = models.BigIntegerField()
    asset = models.CharField(max_length=32, db_collation="C")
    mode = models.CharField(max_length=4, choices=Mode.choices, db_collation="C")
    floor = models.BigIntegerField(null=True)

    class Meta:
        """The owner comes first in the key: it tells most accounts apart with one comparison."""

        constraints = (
            models.UniqueConstraint(
                fields=("owner_id", "kind", "asset", "mode"), name="account_once"
            ),
            models.CheckConstraint(
                condition=Q(asset__regex=r"^([A-Z]{3}|points:[0-9]+)$"),
                name="account_asset_is_known",
            ),
            choice_check("account", "mode", Mode),
        )

    @override
    def __str__(self) -> str:
        """Return whose it is."""
        return f"{self.kind} of {self.owner_type} {self.owner_id} ({self.asset}, {self.mode})"


class Posting(models.Model):
    """One bookkeeping fact: what happened (``kind``) to what (``reference``), live or test.

    It is booked once: kind, reference and mode are unique, and a repeated call finds it.
    ``booked_at`` is when it happened, ``recorded_at`` and ``xid`` when and in which transaction
    it was written.
    """

    kind = models.CharField(max_length=24, db_collation="C")
    reference = models.CharField(max_length=64, db_collation="C")
    mode = models.CharField(max_length=4, choices=Mode.choices, db_collation="C")
    booked_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=TransactionNow())
    xid = Xid8(db_default=CurrentXid())

    class Meta:
        """The reference comes first in the key: it tells most postings apart."""

        constraints = (
            models.UniqueConstraint(fields=("reference", "kind", "mode"), name="posting_once"),
        )

    @override
    def __str__(self) -> str:
        """Return what happened to what."""
        return f"{self.kind} {self.reference}"


class Entry(models.Model):
    """One line of a posting; written once, never changed or deleted.

    The table is partitioned by month of ``recorded_at``. Its key begins with the transaction, so
    that one index serves the fold (a range of transactions) and the lines of a posting. It has no
    foreign keys: ``ledger_post_for`` is the only door, and looks up what it writes.
    """

    pk = models.CompositePrimaryKey("xid", "posting_id", "number", "recorded_at")
    posting = models.ForeignKey(
        "payments.Posting",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    number = models.SmallIntegerField()
    account = models.ForeignKey(
        "payments.Account",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    amount = models.BigIntegerField()
    xid = Xid8(db_default=CurrentXid())
    recorded_at = models.DateTimeField(db_default=TransactionNow())

    class Meta:
        """An account's lines in the order they were written: its tail and its statement."""

        indexes = (models.Index(fields=("account", "xid"), include=("amount",), name="entry_tail"),)

    @override
    def __str__(self) -> str:
        """Return which line of which posting."""
        return f"line {self.number} of posting {self.posting_id}"


class Balance(models.Model):
    """The sum of an account's entries from transactions before ``upto``, its watermark.

    Exact is this plus the entries since (``ledger_balance``). An account never folded has no row.
    """

    account = models.OneToOneField(
        "payments.Account",
        on_delete=models.PROTECT,
        primary_key=True,
        related_name="+",
        db_constraint=False,  # accounts are never deleted, and folds are many
    )
    folded = models.BigIntegerField()
    upto = Xid8()

    @override
    def __str__(self) -> str:
        """Return whose balance."""
        return f"account {self.account_id}"


class Fold(models.Model):
    """How far all accounts are folded: one row, or none before the first fold."""

    upto = Xid8()

    class Meta:
        """At most one row."""

        constraints = (models.CheckConstraint(condition=Q(id=1), name="fold_is_one_row"),)

    @override
    def __str__(self) -> str:
        """Return the watermark."""
        return f"before {self.upto}"
