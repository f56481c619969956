"""What a refund may be refused for, with what to do; see also ``okplatform.trade``'s own."""

from django.utils.translation import gettext_lazy as _

from okplatform.kernel.errors import Refusal


class SaleToRefundUnknown(Refusal):
    """The merchant has no such sale."""

    code = "sale_to_refund_unknown"
    status = 404
    sentence = _("There is no such sale here. Check the number on the receipt.")


class SaleNotPaid(Refusal):
    """The sale is open, was given up, or was made without a network and nobody paid it."""

    code = "sale_not_paid"
    sentence = _("This sale was never paid, so nothing can be given back.")


class SaleNotCaptured(Refusal):
    """Its amount is set aside, and may still be captured: nothing of it is final yet."""

    code = "sale_not_captured"
    sentence = _(
        "This amount is set aside, or only a part of it was taken yet."
        " Cancel the rest of the payment first; what was taken can then be given back."
    )


class EmptiesStay(Refusal):
    """Line ``number`` is of empties that were handed in: they do not come back."""

    code = "empties_stay"
    status = 422
    sentence = _("Line {number} is of empties that were handed in. Nothing was given back.")


class RefundLineUnknown(Refusal):
    """The sale has no line ``number``."""

    code = "refund_line_unknown"
    status = 422
    sentence = _("This sale has no line {number}. Nothing was given back.")


class RefundLineTwice(Refusal):
    """The refund names line ``number`` twice."""

    code = "refund_line_twice"
    status = 422
    sentence = _("Line {number} is named twice. Name it once, with the whole quantity.")


class RefundAboveLine(Refusal):
    """For that much of line ``number``, ``most`` (minor units) was paid and is left."""

    code = "refund_above_line"
    status = 422
    sentence = _("For line {number} less than this was paid. Nothing was given back.")


class RefundAboveSale(Refusal):
    """Of the sale, ``most`` (minor units) is left."""

    code = "refund_above_sale"
    status = 422
    sentence = _("Less than this is left of what was paid. Nothing was given back.")


class RefundTendersDoNotAddUp(Refusal):
    """The tenders are more or less than ``amount`` (minor units), or one is named twice."""

    code = "refund_tenders_do_not_add_up"
    status = 422
    sentence = _("The ways of giving back do not add up to the refund. Nothing was given back.")


class NothingToRefund(Refusal):
    """What is asked for comes to nothing."""

    code = "nothing_to_refund"
    status = 422
    sentence = _("There is nothing to give back. Choose what came back, or an amount.")
