"""What of a file's rows may stand on cards: checked as if somebody had typed it.

A row of another app becomes one edit; one of ours brings the edits it had. What does not fit is not
lost without a word: each such thing is a problem with its line.
"""

import hashlib
import re
from base64 import b64decode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from okplatform.kernel.errors import Refusal
from wallet.card_fields import LONGEST_GROUP, LONGEST_TEXT, checked, checked_barcode
from wallet.import_plans import PHOTOS, Booking, Edit, Plan, card_of_plan, plan_of
from wallet.imports.photos import fitted
from wallet.imports.rows import Found, Problem, Row, Unreadable
from wallet.models.card import COLOUR, MOST_GROUPS, UNIT
from wallet.models.card_import import MOST_IMPORT_PHOTO_BYTES
from wallet.programmes import PROGRAMMES, Programme
from wallet.symbologies import SYMBOLOGIES, readable

DEVICE = "import"
NOBODY = 0
CONTROLS = re.compile(r"[\x00-\x1f\x7f]+")
CONTROLS_OF_NOTE = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]+")
POINTS = "points"
BY_NAME = {
    name.casefold(): programme
    for programme in PROGRAMMES.values()
    for name in (programme.issuer, programme.name)
}


@dataclass
class Checked:
    """What of a file comes in: plans with their line and photos by digest; and what does not."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    photos: dict[str, bytes] = field(default_factory=dict)
    photo_bytes: int = 0


def checked_file(found: Found, *, now: datetime) -> Checked:
    """Return what of a file comes in; raises ``Unreadable`` where its zip is damaged."""
    outcome = Checked(problems=list(found.problems))
    for row in found.rows:
        _Row(row, found, outcome, now).check()
    if not outcome.rows:
        raise Unreadable("no_cards")
    return outcome


class _Row:
    """One row on its way in."""

    def __init__(self, row: Row, found: Found, outcome: Checked, now: datetime) -> None:
        self.row = row
        self.found = found
        self.outcome = outcome
        self.now = now
        self.note = row.note

    def check(self) -> None:
        plan = self._own() if self.row.own is not None else None
        if plan is None:
            self.outcome.problems += self.row.problems
            plan = self._foreign()
        if plan is None:
            return
        card = card_of_plan(plan, person_id=NOBODY, now=self.now)
        self.outcome.rows.append(
            {
                "line": self.row.line,
                "name": card.name,
                "code": card.payload or card.number,
                "symbology": card.symbology,
                "colour": card.colour,
                "photos": [digest for digest in (card.front, card.back, card.logo) if digest],
                "archived": card.archived,
                "plan": plan.as_values(),
            }
        )

    def _problem(self, code: str, **facts: Any) -> None:
        self.outcome.problems.append(Problem(self.row.line, code, facts))

    # --- of an export of ours

    def _own(self) -> Plan | None:
        """Return the card as we wrote it out; None where somebody has been at it."""
        try:
            plan = plan_of(self.row.own)
            held = self._photos().values()
            here = {*held, *self._earlier_photos()}
            edits = [one for one in (self._with_photos(one, here) for one in plan.edits) if one]
            plan = replace(plan, edits=edits)
            card_of_plan(plan, person_id=NOBODY, now=self.now)
        except Refusal:
            self._problem("own_broken")
            return None
        return plan

    def _with_photos(self, edit: Edit, here: set[str]) -> Edit | None:
        """Return an edit without the photos that the file does not have."""
        shown = {side: edit.fields[side] for side in PHOTOS if edit.fields.get(side)}
        gone = {side for side, digest in shown.items() if digest not in here}
        if not gone:
            return edit
        self._problem("photo_missing")
        fields = {name: value for name, value in edit.fields.items() if name not in gone}
        return replace(edit, fields=fields) if fields else None

    def _earlier_photos(self) -> Sequence[str]:
        """Keep the photos that stood on the card before, which Catima has no place for."""
        earlier = self.row.own.get("photos")
        listed = list(earlier.values()) if isinstance(earlier, dict) else []
        return list(filter(None, (self._keep_photo(_unpacked(one)) for one in listed)))

    # --- of another app

    def _foreign(self) -> Plan | None:
        row = self.row
        fields = self._fields()
        if fields is None:
            self._problem("card_empty")
            return None
        at = self.now.isoformat()
        edit = Edit(uuid=str(uuid4()), device=DEVICE, at=at, fields=checked(fields))
        booking = Booking(uuid=str(uuid4()), device=DEVICE, at=at, delta=row.balance or 0)
        return Plan(
            uuid=str(uuid4()),
            added_at=at,
            edits=[edit],
            bookings=[booking] if row.balance else [],
            last_used_at=row.used_at.isoformat() if row.used_at else None,
        )

    def _fields(self) -> dict[str, Any] | None:
        row = self.row
        programme = BY_NAME.get(row.name.strip().casefold())
        barcode = self._barcode()
        number = self._number(unread=row.code if row.code and not barcode else "")
        barcode = barcode or _barcode_of(programme, number)
        name = self._line("name", row.name) or self._line("issuer", row.issuer)
        if not name:
            name = self._line("name", number or (barcode or {}).get("payload", ""))
            if not name:
                return None
            self._problem("name_missing")
        if barcode and number == barcode["payload"]:
            number = ""
        fields = {
            "name": name,
            "issuer": self._line("issuer", row.issuer),
            "number": number,
            "barcode": barcode,
            "note": self._text_of_note(),
            "programme": programme.slug if programme else "",
            "colour": self._colour(programme),
            "valid_from": self._day(row.valid_from),
            "expires_on": self._day(row.expires_on),
            "unit": self._unit(),
            "groups": self._groups(),
            "starred": row.starred,
            "archived": row.archived,
            **self._photos(),
        }
        return {field_name: value for field_name, value in fields.items() if value}

    def _barcode(self) -> dict[str, str] | None:
        row = self.row
        if not row.code:
            return None
        if not row.symbology:
            self._problem("kind_unknown", kind=CONTROLS.sub(" ", row.kind)[:40] or "?")
            return None
        for encoding in (row.encoding, ""):
            try:
                return checked_barcode(row.symbology, row.code, encoding)
            except Refusal:
                continue
        self._problem("code_unfit", kind=SYMBOLOGIES[row.symbology].label)
        return None

    def _number(self, unread: str) -> str:
        """Return the number; a code that no barcode can hold is kept beside it, or instead."""
        number = CONTROLS.sub(" ", self.row.number).strip()
        if unread and number:
            self._add_to_note(readable(unread))
        number = number or readable(unread)
        if len(number) > LONGEST_TEXT["number"]:
            self._problem("number_in_note")
            self._add_to_note(number)
            return ""
        return number

    def _add_to_note(self, text: str) -> None:
        self.note = f"{self.note}\n{text}".strip()

    def _line(self, name: str, text: str) -> str:
        return self._tidied(CONTROLS, text, LONGEST_TEXT[name])

    def _text_of_note(self) -> str:
        return self._tidied(CONTROLS_OF_NOTE, self.note.replace("\r\n", "\n"), LONGEST_TEXT["note"])

    def _tidied(self, controls: re.Pattern[str], text: str, longest: int) -> str:
        seen = controls.sub(" ", text).strip()
        if controls.search(text.strip()):
            self._problem("controls_gone")
        if len(seen) > longest:
            self._problem("text_cut")
        return seen[:longest].strip()

    def _colour(self, programme: Programme | None) -> str:
        colour = self.row.colour
        if re.fullmatch(COLOUR, colour):
            return colour
        return programme.colour if programme else ""

    def _day(self, text: str | None) -> str | None:
        if not text:
            return None
        try:
            return date.fromisoformat(text).isoformat()
        except ValueError:
            self._problem("day_strange")
            return None

    def _unit(self) -> str:
        unit = self.row.unit
        if not self.row.balance:
            return ""
        return unit if re.fullmatch(UNIT, unit) else POINTS

    def _groups(self) -> dict[str, bool]:
        groups = {
            CONTROLS.sub(" ", name).strip()[:LONGEST_GROUP].strip() for name in self.row.groups
        }
        kept = sorted(groups - {""})
        if len(kept) > MOST_GROUPS:
            self._problem("groups_left")
        return dict.fromkeys(kept[:MOST_GROUPS], True)

    # --- photos

    def _photos(self) -> Mapping[str, str]:
        """Keep the photos that the file has of this card; return their digests by side."""
        digests: dict[str, str] = {}
        for side, entry in self.row.photos.items():
            digest = self._keep_photo(self.found.photo(entry))
            if digest:
                digests[side] = digest
        return digests

    def _keep_photo(self, content: bytes) -> str:
        fit = fitted(content)
        outcome = self.outcome
        if fit is None or outcome.photo_bytes + len(fit) > MOST_IMPORT_PHOTO_BYTES:
            self._problem("photo_unfit")
            return ""
        digest = hashlib.sha256(fit).hexdigest()
        if digest not in outcome.photos:
            outcome.photos[digest] = fit
            outcome.photo_bytes += len(fit)
        return digest


def _barcode_of(programme: Programme | None, number: str) -> dict[str, str] | None:
    """Return a barcode where the file names none, and the programme's fits the number."""
    if programme is None or not programme.symbology or not programme.fits(number):
        return None
    try:
        return checked_barcode(programme.symbology, number)
    except Refusal:
        return None


def _unpacked(text: Any) -> bytes:
    try:
        return b64decode(text, validate=True)
    except (ValueError, TypeError):
        return b""
