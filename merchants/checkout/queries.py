"""Read a sale back as the checkout answers it. Every read needs the merchant's scope open."""

from dataclasses import dataclass, fields
from uuid import UUID

from merchants.checkout.facts import ConfirmationFacts, Draft, SaleFacts
from merchants.checkout.sentences import NO_SALE, VERDICTS
from okplatform.trade.facts import LineFacts, SaleKey, TenderFacts
from okplatform.trade.models import Sale, SaleLine, SaleState, Tender
from payments.queries import confirmation_of

LINE_FIELDS = tuple(field.name for field in fields(LineFacts))
TENDER_FIELDS = tuple(field.name for field in fields(TenderFacts))


@dataclass(frozen=True, slots=True)
class FoundDraft:
    """An open sale: who scanned for it, and what was quoted."""

    person_id: int | None
    revision: int
    due: int
    draft: Draft


def find_sale(key: SaleKey) -> SaleFacts | None:
    """Return a sale of the merchant in scope, or None; the sale of another merchant is unknown."""
    sale = (
        Sale.objects.filter(mode=key.mode, uuid=key.uuid)
        .select_related("store", "terminal")
        .first()
    )
    return _facts(sale) if sale else None


def find_draft(key: SaleKey) -> FoundDraft | None:
    """Return the draft of an open sale; None if there is none."""
    sale = Sale.objects.filter(mode=key.mode, uuid=key.uuid, state=SaleState.OPEN).first()
    if sale is None or not sale.draft:
        return None
    return FoundDraft(sale.person_id, sale.revision, sale.due, Draft.from_json(sale.draft))


def find_key(*, sale_id: int, merchant_id: int) -> SaleKey:
    """Return the key of a sale of the merchant in scope, which exists."""
    mode, uuid = Sale.objects.values_list("mode", "uuid").get(pk=sale_id)
    return SaleKey(merchant_id, mode, uuid)


def verdict_of(key: SaleKey) -> str:
    """Return the verdict on a sale as it stands; one that is not known did not happen."""
    state = Sale.objects.filter(mode=key.mode, uuid=key.uuid).values_list("state", flat=True)
    found = state.first()
    return VERDICTS[found] if found else NO_SALE


def _facts(sale: Sale) -> SaleFacts:
    draft = Draft.from_json(sale.draft) if sale.draft else None
    return SaleFacts(
        uuid=UUID(str(sale.uuid)),
        revision=sale.revision,
        mode=sale.mode,
        state=sale.state,
        store=sale.store.reference if sale.store else None,
        terminal=sale.terminal.reference if sale.terminal else None,
        language=sale.language,
        reference=sale.reference,
        currency=sale.currency,
        gross=sale.gross,
        discount=sale.discount,
        due=sale.due,
        points_earned=sale.points_earned,
        person_id=sale.person_id,
        fingerprint=bytes(sale.basket_hash),
        lines=draft.lines if draft else _lines(sale),
        tenders=_tenders(sale),
        near_misses=draft.near_misses if draft else (),
        closed_at=sale.closed_at,
        confirmation=_confirmation(sale) if _was_asked(sale, draft) else None,
    )


def _was_asked(sale: Sale, draft: Draft | None) -> bool:
    """Say whether the phone is asked, or may have been: an ended sale keeps no draft."""
    return sale.state == SaleState.CANCELLED if draft is None else draft.waiting is not None


def _confirmation(sale: Sale) -> ConfirmationFacts | None:
    asked = confirmation_of(sale.pk)
    if asked is None:
        return None
    return ConfirmationFacts(state=asked.state, deadline=asked.deadline, refusal=asked.refusal)


def _lines(sale: Sale) -> list[LineFacts]:
    rows = SaleLine.objects.filter(sale=sale).order_by("number").values(*LINE_FIELDS)
    return [LineFacts(**row) for row in rows]


def _tenders(sale: Sale) -> list[TenderFacts]:
    rows = Tender.objects.filter(sale=sale).order_by("number").values(*TENDER_FIELDS)
    return [TenderFacts(**row) for row in rows]
