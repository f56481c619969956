"""All cards of a person as files: a backup as Catima writes one, which OK reads back whole.

Format version 2 of CatimaLoyalty/Android (docs/EXPORT_FORMAT.md, docs/CARD_FIELDS.md, as of
2026-08). Catima stops at a file it does not know in the zip, and leaves out a column it does not
know: so what only we have stands in a column more, ``ok`` (docs/adr/0025). Each file is whole by
itself and small enough to be let in again.
"""

import csv
import io
import json
import zipfile
from base64 import b64encode
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import IO, Any, cast

from babel.numbers import list_currencies
from django.db.models.functions import Length

from okplatform.kernel.tenancy import person_scope
from wallet.import_plans import PHOTOS, Booking, Edit, Plan
from wallet.imports.catima import NAME, OURS, SIDES
from wallet.imports.tables import millis_of_day
from wallet.models import Card, CardBalanceChange, CardChange, CardPhoto
from wallet.symbologies import LATIN_1, catima_kind

MOST_IN_MEMORY = 5_000_000
MOST_PHOTO_BYTES = 10_000_000
MOST_CARDS = 2_000
"""Photos and cards in one file: an import takes 15 MB and 10,000 cards."""

HEADER = (
    "_id,store,note,validfrom,expiry,balance,balancetype,cardid,barcodeid,barcodetype,"
    f"barcodeencoding,headercolor,starstatus,lastused,archive,{OURS}"
).split(",")
NO_NUMBER = "-"
"""Catima refuses a whole file for one card without a number."""

CURRENCIES = frozenset(list_currencies())
OPAQUE = 0x1000000


@dataclass(frozen=True, slots=True)
class Part:
    """The cards of one file, by primary key; ``first`` is the number of the first of them."""

    first: int
    cards: Sequence[int]


def parts_of(person_id: int) -> Sequence[Part]:
    """Return which cards go in which file; removed ones stay behind."""
    with person_scope(person_id):
        sizes = dict(
            CardPhoto.objects.annotate(size=Length("content")).values_list("digest", "size")
        )
        earlier = _photos_named()
        shown = Card.objects.filter(removed=False).order_by("id").values_list("id", *PHOTOS)
        parts: list[list[int]] = [[]]
        size = 0
        for card, *digests in shown:
            extra = sum(sizes.get(one, 0) for one in {*digests, *earlier[card]})
            if parts[-1] and (size + extra > MOST_PHOTO_BYTES or len(parts[-1]) >= MOST_CARDS):
                parts.append([])
                size = 0
            parts[-1].append(card)
            size += extra
    firsts = [1 + sum(map(len, parts[:nth])) for nth in range(len(parts))]
    return [Part(*one) for one in zip(firsts, parts, strict=True) if one[1]]


def _photos_named() -> Mapping[int, set[str]]:
    """Return the photos that edits of each card named, by the card's primary key."""
    named: dict[int, set[str]] = defaultdict(set)
    changes = CardChange.objects.filter(fields__has_any_keys=list(PHOTOS))
    for card, fields in changes.values_list("card_id", "fields"):
        named[card] |= {fields[side] for side in PHOTOS if fields.get(side)}
    return named


def export_of(person_id: int, part: Part) -> IO[bytes]:
    """Return one file, a zip at its beginning; whoever sends it closes it."""
    file = SpooledTemporaryFile(MOST_IN_MEMORY)  # noqa: SIM115 -- closed by who sends it
    with person_scope(person_id), zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        cards = list(Card.objects.filter(id__in=part.cards).order_by("id"))
        archive.writestr(NAME, _table(cards, part.first))
        for number, card in enumerate(cards, part.first):
            for side, field in SIDES.items():
                digest = getattr(card, field)
                if digest:
                    name = f"card_{number}_{side}.png"
                    archive.writestr(name, _content(digest), zipfile.ZIP_STORED)
    file.seek(0)
    return cast("IO[bytes]", file)


def _content(digest: str) -> bytes:
    return bytes(CardPhoto.objects.values_list("content", flat=True).get(digest=digest))


def _table(cards: Sequence[Card], first: int) -> str:
    """Return ``catima.csv``: three tables with an empty line in between."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    groups = sorted({group for card in cards for group in card.groups})
    plans = _plans(cards)
    links = ((nth, group) for nth, card in enumerate(cards, first) for group in card.groups)
    writer.writerow(["2"])
    writer.writerow([])
    writer.writerows([["_id"], *([group] for group in groups), []])
    writer.writerow(HEADER)
    writer.writerows(_line(nth, card, plans[card.pk]) for nth, card in enumerate(cards, first))
    writer.writerow([])
    writer.writerow(["cardId", "groupId"])
    writer.writerows(links)
    return text.getvalue()


def _line(number: int, card: Card, plan: Plan) -> Iterable[Any]:
    is_money = card.unit in CURRENCIES
    has_both = bool(card.payload and card.number and card.number != card.payload)
    return (
        number,
        card.name,
        card.note,
        millis_of_day(card.valid_from) if card.valid_from else "",
        millis_of_day(card.expires_on) if card.expires_on else "",
        _amount(card.balance or 0, is_money=card.is_money),
        card.unit if is_money else "",
        card.number or card.payload or NO_NUMBER,
        card.payload if has_both else "",
        catima_kind(card.symbology),
        "ISO-8859-1" if card.encoding == LATIN_1 else "UTF-8",
        int(card.colour[1:], 16) - OPAQUE,
        int(card.starred),
        int(card.last_used_at.timestamp()) if card.last_used_at else 0,
        int(card.archived),
        json.dumps(_ours(card, plan), ensure_ascii=False, separators=(",", ":")),
    )


def _amount(balance: int, *, is_money: bool) -> str:
    if not is_money:
        return str(balance)
    whole, cents = divmod(abs(balance), 100)
    return f"{'-' if balance < 0 else ''}{whole}.{cents:02}"


def _ours(card: Card, plan: Plan) -> Mapping[str, Any]:
    """Return what only we have: the edits that made the card, and photos it showed before."""
    named = {edit.fields[side] for edit in plan.edits for side in PHOTOS if edit.fields.get(side)}
    earlier = sorted(named - {card.front, card.back, card.logo})
    photos = CardPhoto.objects.filter(digest__in=earlier) if earlier else ()
    packed = {one.digest: b64encode(one.content).decode() for one in photos}
    return {**plan.as_values(), "photos": packed}


def _plans(cards: Sequence[Card]) -> Mapping[int, Plan]:
    keys = [card.pk for card in cards]
    edits: dict[int, list[Edit]] = defaultdict(list)
    for one in _of(CardChange, keys):
        edit = Edit(
            uuid=str(one.uuid),
            device=one.device,
            at=one.edited_at.isoformat(),
            fields=one.fields,
        )
        edits[one.card_id].append(edit)
    bookings: dict[int, list[Booking]] = defaultdict(list)
    for one in _of(CardBalanceChange, keys):
        booking = Booking(
            uuid=str(one.uuid),
            device=one.device,
            at=one.changed_at.isoformat(),
            delta=one.delta,
            note=one.note,
        )
        bookings[one.card_id].append(booking)
    return {
        card.pk: Plan(
            uuid=str(card.uuid),
            added_at=card.added_at.isoformat(),
            colour=card.colour,
            edits=edits[card.pk],
            bookings=bookings[card.pk],
            uses=card.uses,
            last_used_at=card.last_used_at.isoformat() if card.last_used_at else None,
        )
        for card in cards
    }


def _of(model: Any, keys: Sequence[int]) -> Iterator[Any]:
    yield from model.objects.filter(card_id__in=keys).order_by("id").iterator(chunk_size=2_000)
