"""Stamp cards in plain sentences."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from loyalty.queries.stamps import StampCardNow, StampedAtSale
from okplatform.kernel.money import BASIS_POINTS
from okplatform.web import formats
from wallet.hooks import ReceiptNote

MOST_DRAWN = 20
"""How many stamps are drawn one by one; a larger card is a bar."""


def how_far(card: StampCardNow) -> str:
    """Say what it takes until the next one is free or cheaper."""
    return to_go(card.missing, card.percentage_bp)


def to_go(missing: int, share_bp: int) -> str:
    """Say what so many stamps still take, without naming the card."""
    if share_bp < BASIS_POINTS:
        if not missing:
            return _("The next one has {percentage} off.").format(
                percentage=formats.percent(share_bp)
            )
        return ngettext(
            "{count} more and the next one has {percentage} off.",
            "{count} more and the next one has {percentage} off.",
            missing,
        ).format(count=formats.number(missing), percentage=formats.percent(share_bp))
    if not missing:
        return _("The next one is free.")
    return ngettext(
        "{count} more and the next one is free.",
        "{count} more and the next one is free.",
        missing,
    ).format(count=formats.number(missing))


def waits(card: StampCardNow) -> str:
    """Say which stamps go again if their purchase comes back; nothing where none would."""
    if not card.waiting or card.waits_until is None:
        return ""
    return ngettext(
        "{count} stamp is of a purchase that can come back until {day}.",
        "{count} stamps are of purchases that can come back until {day}.",
        card.waiting,
    ).format(count=formats.number(card.waiting), day=formats.calendar_day(card.waits_until))


def drawn(card: StampCardNow) -> list[str]:
    """Return the stamps of a card to draw, in order: ``there``, ``waits`` or empty.

    None for a large card.
    """
    if card.size > MOST_DRAWN:
        return []
    sure, there = card.count - card.waiting, card.count
    return [
        "there" if number < sure else "waits" if number < there else ""
        for number in range(card.size)
    ]


def note(stamped: StampedAtSale) -> ReceiptNote:
    """Say on a receipt what its sale did to a card."""
    said = []
    if stamped.rewards:
        said.append(_("Your card was full, and was used."))
    if stamped.back:
        back = ngettext(
            "{count} stamp went with what came back.",
            "{count} stamps went with what came back.",
            stamped.back,
        )
        said.append(back.format(count=formats.number(stamped.back)))
    if not said:
        said.append(to_go(max(stamped.size - 1 - stamped.count, 0), stamped.percentage_bp))
    title = ngettext("+ {count} stamp", "+ {count} stamps", stamped.stamps)
    return ReceiptNote(
        title=f"{title.format(count=formats.number(stamped.stamps))} · {stamped.name}",
        line=" ".join(said),
        value=f"{formats.number(max(stamped.count, 0))}/{formats.number(stamped.size)}",
    )
