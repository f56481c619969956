"""A cashier's run of one scenario at the training till, and how it was judged."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from okplatform.kernel.tenancy import MerchantManager
from okplatform.parties.checks import choice_check

MOST_STARS = 3


class TrainingScenario(models.TextChoices):
    """What a cashier learns, in this order; ``merchants.training.scenarios`` says each."""

    THREE_LINES = "three_lines", _("Sell three articles for PIN")
    OK_CODE = "ok_code", _("Sell with an OK code, with points")
    REFUSED_CODE = "refused_code", _("The code is refused")
    LOST_ANSWER = "lost_answer", _("The network drops while you take payment")
    GIVE_BACK = "give_back", _("Give something back by the receipt")


class TrainingRun(models.Model):
    """Somebody's run of a scenario; it ends with stars and, below all of them, with what was wrong.

    Its sales are the test sales of its terminal after ``after_sale``, a primary key. ``receipt`` is
    the purchase that something is to come back of. Of one person, store and scenario the newest run
    that ended and the best are kept, and no other; all of it goes with the membership.
    """

    merchant = models.ForeignKey(
        "parties.Merchant",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,  # (merchant, store, terminal) refers to it
    )
    store = models.ForeignKey(
        "parties.Store",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    terminal = models.ForeignKey(
        "parties.Terminal",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    membership = models.ForeignKey(
        "parties.Membership",
        on_delete=models.DO_NOTHING,  # PostgreSQL does: whoever ends a membership ends these
        related_name="+",
        db_constraint=False,
    )
    uuid = models.UUIDField(unique=True)
    scenario = models.CharField(max_length=12, choices=TrainingScenario.choices)
    after_sale = models.BigIntegerField()
    receipt = models.UUIDField(null=True)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    stars = models.SmallIntegerField(null=True)
    fault = models.CharField(max_length=16, blank=True)

    objects: ClassVar[models.Manager["TrainingRun"]] = MerchantManager()

    class Meta:
        """What PostgreSQL holds for every run."""

        db_table = "merchants_training_run"
        constraints = (
            models.UniqueConstraint(
                fields=("terminal",), condition=Q(ended_at=None), name="training_run_one_at_a_till"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, stars=None, fault="")
                | Q(ended_at__gte=F("began_at"), stars=MOST_STARS, fault="")
                | Q(ended_at__gte=F("began_at"), stars__gte=0, stars__lt=MOST_STARS) & ~Q(fault=""),
                name="training_run_says_what_went_wrong",
            ),
            models.CheckConstraint(
                condition=Q(receipt=None) | Q(scenario=TrainingScenario.GIVE_BACK.value),
                name="training_run_receipt_is_to_give_back",
            ),
            choice_check("training_run", "scenario", TrainingScenario),
        )
        indexes = (
            # A store's cashiers, and one cashier's runs there.
            models.Index(
                "merchant", "store", "membership", "scenario", name="training_run_of_store"
            ),
        )

    @override
    def __str__(self) -> str:
        """Return which."""
        return str(self.uuid)
