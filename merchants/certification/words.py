"""Scenarios and steps in words: what happens, what must hold, what went wrong, what to do."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise


@dataclass(frozen=True, slots=True)
class StepWords:
    """What a step asks, what it means when it does not hold, and how that is mended."""

    asks: Words
    wrong: Words
    remedy: Words


SCENARIOS: Mapping[str, Words] = {
    "good_line": _("Nothing goes wrong"),
    "refused": _("The customer's code is not known"),
    "answer_lost": _("OK takes the payment, and the answer is lost"),
    "request_lost": _("The first call never arrives"),
    "answer_late": _("The answer comes when the till no longer waits"),
    "answer_cut": _("The line breaks in the middle of the answer"),
    "doubled": _("Every call arrives twice"),
    "unavailable": _("OK is out for a moment (503)"),
    "strange": _("Somebody else answers: the login page of a network"),
    "reordered": _("The first call arrives after those that follow it"),
    "confirmed": _("The customer confirms on the phone"),
    "declined": _("The customer says no on the phone"),
    "paid_then_offline": _("OK takes the payment, and then the network is down"),
    "offline_then_cash": _("The network is down, and the customer pays cash"),
    "paid_then_power_cut": _("OK takes the payment, and then the till loses its power"),
    "power_cut_before_it_left": _("The till loses its power while the first call is on its way"),
}

STEPS: Mapping[str, StepWords] = {
    "comes_to_an_end": StepWords(
        _("The sale comes to an end"),
        _("The till neither sold nor said that it did not, within four times its own patience."),
        _(
            "Give a sale up after a minute of silence: send DELETE until OK answers. Look first"
            " whether the agent answers at all."
        ),
    ),
    "remembers": StepWords(
        _("Back after a power cut, the till asks about what it had begun"),
        _("The till had sent a sale, lost its power, and never asked about it again."),
        _(
            "Write the number and the body to disk before the first byte leaves. At start, end"
            " what has no verdict: DELETE, and believe the answer."
        ),
    ),
    "keeps_the_number": StepWords(
        _("One sale keeps one number"),
        _(
            "The till sent the payment again under a new number, without OK's word that the first"
            " one did not happen: both can be paid."
        ),
        _(
            "Make the number once per sale and keep it. After silence ask with GET, and send the"
            " same again under the same number."
        ),
    ),
    "repeats_the_same": StepWords(
        _("What is sent again is the same"),
        _("The till sent another body under a number and revision that it had used before."),
        _(
            "Keep the body as it was sent, and send that. Count the revision up only when the"
            " basket changed."
        ),
    ),
    "gives_on_word": StepWords(
        _("Goods leave on OK's word only"),
        _("The till gave the goods before OK had answered “happened”."),
        _(
            "Silence, an error and “still_open” are no yes. Give the goods on the verdict"
            " “happened” and on nothing else."
        ),
    ),
    "gives_up_on_word": StepWords(
        _("A sale is given up on OK's word only"),
        _(
            "The till gave the payment up, or took other money for it, before OK had answered"
            " “did_not_happen”: it may have been paid, or be paid later."
        ),
        _(
            "Silence is no refusal. Send DELETE until OK answers; only then is the sale over, and"
            " the customer may pay in another way."
        ),
    ),
    "leaves_none_open": StepWords(
        _("Every sale has its verdict in OK's books"),
        _("A sale was left open, or was never stopped: a late original could still pay it."),
        _("End each number with “happened”, or stop it with DELETE, also when OK refused it."),
    ),
    "takes_money_once": StepWords(
        _("The customer pays once"),
        _("The customer paid more than the goods cost."),
        _(
            "Among what was sent, find the numbers that were paid. End the first before the second"
            " begins."
        ),
    ),
    "gives_no_goods_unpaid": StepWords(
        _("No goods leave unpaid"),
        _("The goods left, and nobody paid for them."),
        _("Give the goods on the verdict “happened” and on nothing else."),
    ),
    "gives_what_was_paid": StepWords(
        _("Who paid gets the goods"),
        _("OK has the payment in its books, and the till kept the goods."),
        _(
            "Believe OK's answer, also the one to DELETE: 409 with the verdict “happened” says"
            " that it was paid before it could be stopped. Give the goods then."
        ),
    ),
    "ends_as_it_must": StepWords(
        _("It sells where it can, and does not where it must not"),
        _("The till did not sell though nothing stood in the way, or sold though OK said no."),
        _(
            "While the verdict is “still_open”, wait for the customer and ask again. Look also"
            " whether the till signs in with a test key of this shop."
        ),
    ),
    "tells_the_cashier": StepWords(
        _("The cashier can read what to do"),
        _("The till showed nothing: the cashier has to guess."),
        _("Show the sentence that comes with every answer of OK's."),
    ),
}
