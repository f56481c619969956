"""What the checkout refuses, with what the cashier should do."""

from django.utils.translation import gettext_lazy as _

from okplatform.kernel.errors import Refusal


class SaleUnknown(Refusal):
    """No sale has this UUID."""

    code = "sale_unknown"
    status = 404
    sentence = _("This sale is not known. Send it again, with the same number.")


class SaleClosed(Refusal):
    """The sale was paid; what is asked now is something else."""

    code = "sale_closed"
    sentence = _("This sale is paid. Give the goods; start a new sale for anything else.")


class SaleCancelled(Refusal):
    """The sale was given up, and a late original can never pay."""

    code = "sale_cancelled"
    sentence = _("This sale was stopped. Start a new one.")


class RevisionStale(Refusal):
    """A newer revision of the basket came before."""

    code = "revision_stale"
    sentence = _("The till sent an older basket. Send the newest one, or a higher revision.")


class RevisionReused(Refusal):
    """Another basket came under the same revision."""

    code = "revision_reused"
    sentence = _("This revision had another basket. Count the revision up and send it again.")


class AmountChanged(Refusal):
    """What is due is not what the till showed."""

    code = "amount_changed"
    sentence = _("The amount has changed. Show the customer the new amount and pay again.")


class TendersDoNotAddUp(Refusal):
    """The tenders are more or less than what is due."""

    code = "tenders_do_not_add_up"
    status = 422
    sentence = _("The payments do not add up to the amount due.")


class SaleBelowZero(Refusal):
    """Returned empties are worth more than all else in the basket, by ``too_much``."""

    code = "sale_below_zero"
    status = 422
    sentence = _(
        "The returned empties are worth more than the rest of the basket."
        " Take off as many as it pays for; pay the others out apart."
    )


class TipAboveDue(Refusal):
    """The tip is more than what is due (``due``): a slip of the finger."""

    code = "tip_above_due"
    status = 422
    sentence = _("The tip is more than the amount due. Nothing was taken; type it again.")


class AgeNotChecked(Refusal):
    """The basket asks for a ``minimum_age``, and nobody said that they looked."""

    code = "age_not_checked"
    status = 422
    sentence = _(
        "Nothing was taken. Ask for identification: the customer must be {minimum_age} or older."
        " Then say so on the till, or take the goods out."
    )


class CheckerUnknown(Refusal):
    """Somebody looked how old the customer is, and it is not said who."""

    code = "age_checker_missing"
    status = 422
    sentence = _("Nothing was taken. The till must say who checked the customer's age.")


class CodeMissing(Refusal):
    """OK should pay, but nobody scanned."""

    code = "code_missing"
    status = 422
    sentence = _("Scan the customer's OK code first, or take another payment.")


class NothingToPayFrom(Refusal):
    """The code identifies its owner, but is tied to no bank account."""

    code = "no_bank_account"
    sentence = _("This code cannot pay: no bank account is chosen. Take another payment.")


class AmountMissing(Refusal):
    """The payer of an open link says how much; ``least`` and ``most`` are its limits."""

    code = "amount_missing"
    status = 422
    sentence = _("Fill in an amount that this link allows.")


class LinkUnknown(Refusal):
    """No payment link has this id."""

    code = "payment_link_unknown"
    status = 404
    sentence = _("This payment link is not known.")
