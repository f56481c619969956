"""How what was sold in training is told from all else: by its numbers, in words, on paper."""

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from merchants.magic import TEST
from merchants.printing import COLUMNS

PREFIX = "TRAINING-"
DIGITS = 10
MARK = "TRAINING"


def number_of(uuid: UUID) -> str:
    """Return the receipt number of a sale in training: no real receipt has one like it."""
    return f"{PREFIX}{uuid.hex[:DIGITS].upper()}"


def is_training(*, mode: str, reference: str) -> bool:
    """Say whether a sale with this receipt number was made in training."""
    return mode == TEST and reference.startswith(PREFIX)


def marked_sentence(sentence: str) -> str:
    """Return what the cashier is told, so that nobody takes it for real."""
    return _("Training: {sentence}").format(sentence=sentence)


def marked_lines(lines: Sequence[str], *, number: str = "") -> list[str]:
    """Return a receipt that says above and below that it is none; nothing where there is none."""
    if not lines:
        return []
    mark = f" {MARK} ".center(COLUMNS, "*")
    said = _("No receipt: nothing was sold.")[:COLUMNS].center(COLUMNS).rstrip()
    return [mark, *([number] if number else []), *lines, said, mark]
