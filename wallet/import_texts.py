"""What is said about a file of cards, in the reader's language: a sentence per code."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

UNREADABLE: Mapping[str, Promise] = {
    "not_known": _(
        "OK does not know this kind of file. It reads exports of Catima, FidMe, Voucher Vault "
        "and Stocard, and wallet passes (.pkpass)."
    ),
    "no_cards": _("There are no cards in this file. Make the export again."),
    "too_many_cards": _("There are {number} cards in this file; OK reads {most} at a time."),
    "header_wrong": _(
        "The first line of the list is not that of an export. Export it again, and do not open "
        "it in a spreadsheet in between."
    ),
    "version_unknown": _("This export is of version {version}, which OK cannot read yet."),
    "encoding_wrong": _(
        "The letters of this file are garbled (it is not UTF-8). Export it again, and do not "
        "open it in a spreadsheet in between."
    ),
    "csv_broken": _("The list breaks off at line {line}. Make the export again."),
    "json_broken": _("This file is damaged. Make the export again."),
    "zip_broken": _("This zip is damaged, or not all of it has arrived. Choose it again."),
    "zip_climbs": _("This zip holds paths that lead outside it. An export never does."),
    "zip_bomb": _("This zip grows far too large when it is unpacked. An export never does."),
    "zip_too_many": _("This zip holds more than {most} files."),
    "zip_locked_large": _(
        "With a password OK opens zips of up to {megabytes} MB. Unpack this one and make a zip "
        "of it without a password."
    ),
    "password_wanted": _("This zip has a password. Fill it in and choose the file again."),
    "password_wrong": _("This password does not open the zip. Look at it again."),
    "file_large": _(
        "This file is {size} MB; OK takes {most} MB at a time. Export fewer cards at once, or "
        "leave out the photos."
    ),
}
"""Why nothing of a file comes in."""

PROBLEMS: Mapping[str, Promise] = {
    "day_strange": _("A date could not be read and is left out."),
    "balance_strange": _("The balance could not be read and is left out."),
    "own_broken": _("What OK itself had noted of this card is damaged: its history is left out."),
    "number_gone": _("“{name}” has no number any more in this export, and is left out."),
    "card_without_content": _("A card without content is left out."),
    "no_barcode": _("This pass has no barcode."),
    "card_empty": _("This line has neither a name nor a number, and is left out."),
    "name_missing": _("The card has no name; its number stands there now."),
    "text_cut": _("A text was too long, and ends earlier now."),
    "controls_gone": _("Invisible characters were taken out of a text."),
    "kind_unknown": _(
        "OK cannot draw this kind of barcode ({kind}). The number is kept; choose another kind "
        "on the card."
    ),
    "code_unfit": _(
        "The code does not fit its kind of barcode ({kind}). The number is kept; choose another "
        "kind on the card."
    ),
    "number_in_note": _("The number is too long for its field and stands in the note."),
    "groups_left": _("Not all groups fit on the card."),
    "photo_missing": _("A photo is not in the file."),
    "photo_unfit": _("A photo is no picture, or is too large, and is left out."),
}
"""What of a card does not come in as it stood in the file."""


def why_unreadable(code: str, facts: Mapping[str, Any]) -> str:
    """Return the sentence of a file that cannot be read."""
    return str(UNREADABLE[code]).format(**facts)


def problem_sentence(code: str, facts: Mapping[str, Any]) -> str:
    """Return the sentence of one problem."""
    return str(PROBLEMS[code]).format(**facts)
