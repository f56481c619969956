"""What a person signs when OK may collect, by version and language (pure).

The wording is the one that the SEPA Direct Debit Core scheme asks of every mandate (EPC016-06,
annex VII, and its Dutch translation), and what we promise besides about notice. A text that was
ever shown never changes: a new wording is a new version, and a mandate says which one was read.
"""

from dataclasses import dataclass

CREDITOR = "Stichting Derdengelden OK"


@dataclass(frozen=True, slots=True)
class MandateText:
    """The permission, the right to have money back, and how long before we tell."""

    permission: str
    refund: str
    notice: str


CURRENT_VERSION = 1

_TEXTS = {
    (1, "nl"): MandateText(
        permission=(
            f"U geeft toestemming aan {CREDITOR} om doorlopende incasso-opdrachten naar uw bank"
            " te sturen om een bedrag van uw rekening af te schrijven, en aan uw bank om doorlopend"
            f" bedragen af te schrijven volgens die opdrachten van {CREDITOR}."
        ),
        refund=(
            "Bent u het niet eens met een afschrijving, dan kunt u die laten terugboeken. Neem"
            " binnen 8 weken na de afschrijving contact op met uw bank."
        ),
        notice="Wij kondigen elke afschrijving ten minste twee bankdagen van tevoren aan.",
    ),
    (1, "en"): MandateText(
        permission=(
            f"You authorise {CREDITOR} to send instructions to your bank to debit your account,"
            f" and your bank to debit your account in accordance with those of {CREDITOR}."
        ),
        refund=(
            "You are entitled to a refund from your bank under the terms of your agreement with"
            " it. Claim it within 8 weeks from the day on which your account was debited."
        ),
        notice="We announce every debit at least two bank days beforehand.",
    ),
}


def mandate_text(version: int, language: str) -> MandateText:
    """Return the text of a version in the reader's language.

    Raises ``KeyError`` for a version that never was, or a language we do not speak.
    """
    return _TEXTS[version, language]
