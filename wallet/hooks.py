"""What the wallet asks the apps above it: what codes pay from, cards, questions, own data.

The upper app registers in ``AppConfig.ready()``. Hooks return data, never HTML, with texts in the
active language.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.utils.functional import Promise

from okplatform.kernel.audit import Actor


@dataclass(frozen=True, slots=True)
class Funding:
    """Something a code can pay from.

    ``ref`` is opaque to the wallet and comes back from a scan; ``label`` and the last digits
    ``tail`` are what the shopper recognises it by ("ING", "4521").
    """

    ref: int
    label: str
    tail: str


class FundingSource(Protocol):
    """Knows what a person can pay from."""

    def sources(self, person_id: int, mode: str) -> Sequence[Funding]:
        """Return what this person can pay from in this mode, the preferred one first."""
        ...


class PaidFrom(Protocol):
    """Knows what paid the OK part of a sale."""

    def paid_from(self, sale_id: int) -> Funding | None:
        """Return what it was paid from, also when that was taken away since; None if unknown."""
        ...


@dataclass(frozen=True, slots=True)
class HomeCard:
    """A loyalty card as the home page and the cards page show it.

    ``subtitle`` and ``value`` say where it stands ("2 more stamps for a free loaf", "8/10").
    ``initials`` and ``colour`` (a ground of static/css/list.css, such as "mark-2") follow from the
    title where they are left empty.
    """

    title: str
    subtitle: str
    value: str
    url: str
    initials: str = ""
    colour: str = ""


class HomeCards(Protocol):
    """Knows a person's loyalty cards."""

    def cards(self, person_id: int, mode: str) -> Sequence[HomeCard]:
        """Return the cards, the most used first."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveMembership:
    """A person's membership at a merchant, or the one they could have.

    ``points`` is written as the reader writes numbers; ``terms`` is what joining accepts, and
    ``terms_version`` which text that is. ``url`` is the programme's own page.
    """

    merchant_id: int
    merchant_name: str
    name: str
    points: str
    points_name: str
    terms: str
    terms_version: int
    is_member: bool
    url: str


class Memberships(Protocol):
    """Knows the programmes of merchants, and lets people join."""

    def at(
        self, person_id: int, mode: str, merchant_ids: Collection[int]
    ) -> Mapping[int, LiveMembership]:
        """Return the programme of each of these merchants that has one."""
        ...

    def join(
        self, *, person_id: int, merchant_id: int, terms_version: int, actor: Actor, now: datetime
    ) -> None:
        """Make the person a member, in the open transaction; who is one stays so.

        Raises a refusal where there is no programme, or its terms are others.
        """
        ...


@dataclass(frozen=True, slots=True)
class PageLink:
    """A page of an upper app; ``label`` says what one does there, ``url_name`` where it is."""

    label: str | Promise
    url_name: str


class MoreFunding(Protocol):
    """Knows what a person has to do to pay with the code."""

    def page(self, person_id: int, mode: str) -> PageLink:
        """Return where that is done, and what is to be done next."""
        ...


@dataclass(frozen=True, slots=True)
class ReceiptNote:
    """What a sale did besides selling: "+ 18 points", "€ 1.60 more and it were 20", "338 pt"."""

    title: str
    line: str
    value: str


class ReceiptNotes(Protocol):
    """Knows what a sale did for its member."""

    def notes(self, sale_id: int, person_id: int) -> Sequence[ReceiptNote]:
        """Return the notes of a sale, for the member who made it."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SalePoints:
    """What a sale did to its member's points; ``balance`` is what they were right after it.

    ``name`` is what the programme calls them; ``taken_back`` went with what came back.
    """

    name: str
    earned: int
    taken_back: int = 0
    balance: int | None = None


class PointsKnower(Protocol):
    """Knows what a sale did to its member's points."""

    def points_at(self, sale_id: int, person_id: int) -> SalePoints | None:
        """Return that, for the member who made it; None if it earned this person nothing."""
        ...


class Questions(Protocol):
    """Knows what a person is asked to confirm now."""

    def pages(self, person_id: int, now: datetime) -> Sequence[str]:
        """Return the address of each question's page, the latest first."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Attention:
    """Something to see to: what it is, one line about it, where one does that, and its icon."""

    title: str
    line: str
    url: str
    icon: str


class NeedsAttention(Protocol):
    """Knows what a person has to see to."""

    def items(self, person_id: int, mode: str, now: datetime) -> Sequence[Attention]:
        """Return that, the most urgent first."""
        ...


@dataclass(frozen=True, slots=True)
class Section:
    """A part of what a person downloads: rows of plain JSON values, by names a reader knows.

    ``name`` is its key in the JSON, ``title`` its heading on paper.
    """

    name: str
    title: str
    rows: Sequence[Mapping[str, Any]]


class OwnData(Protocol):
    """Knows what an app holds of a person: to hand over, and to let go of."""

    def sections(self, person_id: int) -> Sequence[Section]:
        """Return all that the app holds of the person."""
        ...

    def objections(self, person_id: int) -> Sequence[str]:
        """Return what has to be settled before the person can leave, a sentence each."""
        ...

    def kept(self) -> Sequence[str]:
        """Return what stays after that without a name, because the law says so, and how long."""
        ...

    def forget(self, person_id: int, *, now: datetime, actor: Actor) -> None:
        """Let go of the person, in the open transaction."""
        ...


_funding_sources: list[FundingSource] = []
_paid_from: list[PaidFrom] = []
_home_cards: list[HomeCards] = []
_memberships: list[Memberships] = []
_more_cards: list[PageLink] = []
_more_funding: list[MoreFunding] = []
_receipt_notes: list[ReceiptNotes] = []
_points_knowers: list[PointsKnower] = []
_questions: list[Questions] = []
_attention: list[NeedsAttention] = []
_own_data: list[OwnData] = []


def register_funding_source(source: FundingSource) -> None:
    """Let a code pay from what ``source`` knows."""
    _funding_sources.append(source)


def register_paid_from(knower: PaidFrom) -> None:
    """Let a receipt name what paid it."""
    _paid_from.append(knower)


def register_home_cards(cards: HomeCards) -> None:
    """Show on the home page what ``cards`` knows."""
    _home_cards.append(cards)


def register_memberships(knower: Memberships) -> None:
    """Let cards stand for the memberships that ``knower`` knows."""
    _memberships.append(knower)


def register_more_cards(page: PageLink) -> None:
    """Offer a page where a person finds more cards."""
    _more_cards.append(page)


def register_more_funding(knower: MoreFunding) -> None:
    """Offer a page where a person adds something to pay from."""
    _more_funding.append(knower)


def register_receipt_notes(notes: ReceiptNotes) -> None:
    """Show on a receipt what ``notes`` knows."""
    _receipt_notes.append(notes)


def register_points_knower(knower: PointsKnower) -> None:
    """Let a receipt say what ``knower`` knows of its points."""
    _points_knowers.append(knower)


def register_questions(questions: Questions) -> None:
    """Open what ``questions`` asks as soon as the wallet is opened."""
    _questions.append(questions)


def register_attention(knower: NeedsAttention) -> None:
    """Show below the code what ``knower`` says needs attention."""
    _attention.append(knower)


def register_own_data(holder: OwnData) -> None:
    """Hand over to people, and let go of, what ``holder`` knows."""
    _own_data.append(holder)


def own_data() -> Sequence[OwnData]:
    """Return whoever holds something of people."""
    return tuple(_own_data)


def funding_of(person_id: int, mode: str) -> list[Funding]:
    """Return everything a person's codes can pay from."""
    return [found for source in _funding_sources for found in source.sources(person_id, mode)]


def paid_from(sale_id: int) -> Funding | None:
    """Return what paid the OK part of a sale, if anybody knows."""
    answers = (knower.paid_from(sale_id) for knower in _paid_from)
    return next((answer for answer in answers if answer is not None), None)


def cards_of(person_id: int, mode: str) -> list[HomeCard]:
    """Return a person's loyalty cards."""
    return [card for provider in _home_cards for card in provider.cards(person_id, mode)]


def memberships_at(
    person_id: int, mode: str, merchant_ids: Collection[int]
) -> dict[int, LiveMembership]:
    """Return the programme of each of these merchants that has one, as this person stands in it."""
    if not merchant_ids:
        return {}
    return {
        merchant: found
        for knower in _memberships
        for merchant, found in knower.at(person_id, mode, merchant_ids).items()
    }


def join_membership(
    *, person_id: int, merchant_id: int, terms_version: int, actor: Actor, now: datetime
) -> None:
    """Make a person a member at a merchant, in the open transaction; raises its refusals."""
    for knower in _memberships:
        knower.join(
            person_id=person_id,
            merchant_id=merchant_id,
            terms_version=terms_version,
            actor=actor,
            now=now,
        )


def more_cards() -> Sequence[PageLink]:
    """Return where a person finds more cards."""
    return tuple(_more_cards)


def more_funding(person_id: int, mode: str) -> Sequence[PageLink]:
    """Return where a person adds something to pay from, or finishes what was begun."""
    return [knower.page(person_id, mode) for knower in _more_funding]


def notes_on(sale_id: int, person_id: int) -> list[ReceiptNote]:
    """Return what a sale did for its member."""
    return [note for provider in _receipt_notes for note in provider.notes(sale_id, person_id)]


def points_at(sale_id: int, person_id: int) -> SalePoints | None:
    """Return what a sale did to its member's points, if anybody knows."""
    answers = (knower.points_at(sale_id, person_id) for knower in _points_knowers)
    return next((answer for answer in answers if answer is not None), None)


def question_for(person_id: int, now: datetime) -> str | None:
    """Return the page of what a person is asked to confirm now, if anything."""
    return next((page for each in _questions for page in each.pages(person_id, now)), None)


def attention_for(person_id: int, mode: str, now: datetime) -> list[Attention]:
    """Return what a person has to see to, beside what the wallet knows itself."""
    return [item for knower in _attention for item in knower.items(person_id, mode, now)]
