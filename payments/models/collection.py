"""What is collected from a shopper's bank account, and which bookings it is made of."""

from django.db import models
from django.db.models import Q
from typing_extensions import override

from okplatform.kernel.modes import Mode
from okplatform.parties.checks import choice_check, currency_check
from payments.models.fields import Xid8
from payments.states import CollectionState, FollowUp


class Collection(models.Model):
    """One amount asked of one bank account, in minor units, under one mandate.

    ``end_to_end_id`` names it at every bank on the way. ``due_on`` is the day it was announced
    for. ``attempt`` counts from 1; a retry is a row of its own, ``retry_of`` the one that came
    back. ``reason`` is the bank's return code, ``follow_up`` what it leads to, ``dunning_level``
    how many times the shopper was told that it came back.
    """

    mode = models.CharField(max_length=4, choices=Mode.choices)
    house_account = models.ForeignKey(
        "payments.HouseAccount",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,  # (house_account, mode) refers to it
    )
    bank_account = models.ForeignKey(
        "payments.BankAccount",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,  # the mandate is one of this bank account
    )
    mandate = models.ForeignKey(
        "payments.Mandate",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    end_to_end_id = models.CharField(max_length=35)
    attempt = models.PositiveSmallIntegerField(default=1)
    retry_of = models.OneToOneField(
        "payments.Collection",
        on_delete=models.PROTECT,
        null=True,
        related_name="retry",
    )
    announced_at = models.DateTimeField()
    due_on = models.DateField()
    state = models.CharField(max_length=9, default=CollectionState.ANNOUNCED)
    sequence = models.CharField(max_length=4, blank=True)
    outgoing_file = models.ForeignKey(
        "payments.OutgoingFile",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
    )
    settled_on = models.DateField(null=True)
    returned_on = models.DateField(null=True)
    reason = models.CharField(max_length=35, blank=True)
    follow_up = models.CharField(max_length=11, blank=True)
    dunning_level = models.PositiveSmallIntegerField(default=0)

    class Meta:
        """What PostgreSQL holds for every collection."""

        constraints = (
            models.UniqueConstraint(
                fields=("mode", "end_to_end_id"), name="collection_by_end_to_end_id"
            ),
            # What items refer to, and how a bank account's collections are found.
            models.UniqueConstraint(
                fields=("bank_account", "mode", "id"), name="collection_by_bank_account"
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0), name="collection_amount_is_more_than_zero"
            ),
            models.CheckConstraint(
                condition=Q(attempt=1, retry_of=None) | Q(attempt__gt=1, retry_of__isnull=False),
                name="collection_retry_has_its_first_attempt",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=(CollectionState.ANNOUNCED, CollectionState.CANCELLED),
                    outgoing_file=None,
                    sequence="",
                )
                | Q(
                    state__in=(
                        CollectionState.SENT,
                        CollectionState.SETTLED,
                        CollectionState.RETURNED,
                    ),
                    outgoing_file__isnull=False,
                    sequence__in=("FRST", "RCUR"),
                )
                | Q(state=CollectionState.PAID),
                name="collection_sent_is_in_a_file",
            ),
            models.CheckConstraint(
                condition=~Q(state=CollectionState.RETURNED)
                & Q(returned_on=None, reason="", follow_up=FollowUp.NONE)
                | Q(
                    state__in=(CollectionState.RETURNED, CollectionState.PAID),
                    returned_on__isnull=False,
                )
                & ~Q(follow_up=FollowUp.NONE),
                name="collection_returned_leads_on",
            ),
            models.CheckConstraint(
                condition=~Q(state=CollectionState.SETTLED) | Q(settled_on__isnull=False),
                name="collection_settled_on_a_day",
            ),
            currency_check("collection"),
            choice_check("collection", "mode", Mode),
            choice_check("collection", "state", CollectionState),
            choice_check("collection", "follow_up", FollowUp),
        )
        indexes = (
            models.Index(
                fields=("house_account", "due_on"),
                condition=Q(state=CollectionState.ANNOUNCED),
                name="collection_to_send",
            ),
            models.Index(
                fields=("follow_up",),
                condition=Q(state=CollectionState.RETURNED),
                name="collection_in_arrears",
            ),
            models.Index(fields=("outgoing_file",), name="collection_by_file"),
        )

    @override
    def __str__(self) -> str:
        """Return what banks call it."""
        return self.end_to_end_id


class CollectionItem(models.Model):
    """One booking on what a shopper owes, waiting to be collected or in a collection.

    ``amount`` is what it adds to what is collected; what goes back to the shopper is below zero.
    There is one per posting and bank account, so a payment is in one collection at a time; a retry
    takes over the items of what came back.
    """

    posting = models.ForeignKey(
        "payments.Posting", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    bank_account = models.ForeignKey(
        "payments.BankAccount",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,  # (bank_account, mode) refers to it
    )
    mode = models.CharField(max_length=4, choices=Mode.choices)
    amount = models.BigIntegerField()
    booked_at = models.DateTimeField()
    collection = models.ForeignKey(
        "payments.Collection",
        on_delete=models.PROTECT,
        null=True,
        related_name="items",
        db_index=False,
        db_constraint=False,  # (bank_account, mode, collection) refers to it
    )

    class Meta:
        """A booking is collected once; those that wait are found by their bank account."""

        db_table = "payments_collection_item"
        constraints = (
            models.UniqueConstraint(
                fields=("posting", "bank_account"), name="collection_item_once"
            ),
        )
        indexes = (
            models.Index(
                fields=("bank_account",),
                condition=Q(collection=None),
                name="collection_item_waiting",
            ),
            models.Index(fields=("collection",), name="collection_item_of"),
        )

    @override
    def __str__(self) -> str:
        """Return which booking."""
        return f"posting {self.posting_id}"


class SettlementMark(models.Model):
    """How far the ledger's entries have been brought to settlement: one row, or none at first.

    ``through`` is the last transaction of which every entry was seen.
    """

    through = Xid8()

    class Meta:
        """At most one row."""

        db_table = "payments_settlement_mark"
        constraints = (
            models.CheckConstraint(condition=Q(id=1), name="settlement_mark_is_one_row"),
        )

    @override
    def __str__(self) -> str:
        """Return the transaction."""
        return f"through {self.through}"
