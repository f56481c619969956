"""What a cashier is asked to do in each scenario, and what must then be true."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from merchants.magic import MAGIC, Does
from merchants.models import TrainingScenario
from okplatform.kernel.money import format_money

A_MINUTE = 60
"""Seconds in which three stars are to be had."""

BY_HAND = frozenset({"pin", "cash"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A scenario: what the cashier is told, and what of the sale must be so.

    ``gross`` is the amount that lets the sandbox do what the scenario is about; it stands in the
    sentence. ``is_return`` asks for a return instead of a sale.
    """

    scenario: TrainingScenario
    says: str | Promise
    lines: int = 1
    tenders: frozenset[str] = field(default_factory=frozenset)
    gross: int | None = None
    needs_code: bool = False
    needs_points: bool = False
    is_return: bool = False


REFUSED = next(magic.amount for magic in MAGIC if magic.code == "code_blocked")
LOST = next(magic.amount for magic in MAGIC if magic.does == Does.LOSES_ANSWER)

_ALL = (
    Asked(
        scenario=TrainingScenario.THREE_LINES,
        says=_("Sell three different articles. The customer pays with a PIN card."),
        lines=3,
        tenders=frozenset({"pin"}),
    ),
    Asked(
        scenario=TrainingScenario.OK_CODE,
        says=_(
            "The customer has OK. Sell something of at least five euros, scan the code before"
            " paying, and let OK pay: discount and points come by themselves."
        ),
        tenders=frozenset({"ok"}),
        needs_code=True,
        needs_points=True,
    ),
    Asked(
        scenario=TrainingScenario.REFUSED_CODE,
        says=_(
            "Sell one other article of {amount}, scan the customer's code and take payment with"
            " OK. It is refused: read why, and take the payment in another way."
        ),
        tenders=BY_HAND,
        gross=REFUSED,
        needs_code=True,
    ),
    Asked(
        scenario=TrainingScenario.LOST_ANSWER,
        says=_(
            "Sell one other article of {amount}, scan the customer's code and take payment with"
            " OK. The network drops in the middle. Wait for the verdict, and never take the"
            " money twice."
        ),
        tenders=frozenset({"ok"}),
        gross=LOST,
        needs_code=True,
    ),
    Asked(
        scenario=TrainingScenario.GIVE_BACK,
        says=_(
            "A customer brings something back. Scan the code on the receipt, choose what comes"
            " back, and give the money back."
        ),
        is_return=True,
    ),
)

SCENARIOS: Mapping[str, Asked] = {asked.scenario.value: asked for asked in _ALL}
"""By their names, in the order in which they are learned."""


def sentence_of(asked: Asked, *, currency: str, language: str) -> str:
    """Return what the cashier is told."""
    amount = format_money(asked.gross or 0, currency, language)
    return str(asked.says).format(amount=amount)
