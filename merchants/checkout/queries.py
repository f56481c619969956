"""Reads of sales, online payments and links. They need the merchant's scope open, but by token."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from merchants.checkout.facts import ConfirmationFacts, Draft, SaleFacts, heard_before
from merchants.checkout.online_states import HELD, OPEN, PAID
from merchants.checkout.sentences import NO_SALE, VERDICTS
from merchants.models import OnlinePayment, PaymentLink
from okplatform.kernel.tenancy import operator_scope
from okplatform.trade.facts import LineFacts, SaleKey, TenderFacts
from okplatform.trade.models import Sale, SaleLine, SaleState, Tender
from payments.models import Confirmation
from payments.queries import confirmation_of

M = TypeVar("M", OnlinePayment, PaymentLink)
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


def unsettled_of(*, mode: str, store_id: int, terminal_id: int | None) -> QuerySet[Sale]:
    """Return a store's sales without a final verdict, the newest first; of one till if it is named.

    A shopper's online payment is not among them: its sale is open too, and no till's.
    """
    found = Sale.objects.filter(
        mode=mode, store_id=store_id, state=SaleState.OPEN, closed_at__isnull=True
    )
    if terminal_id is not None:
        found = found.filter(terminal_id=terminal_id)
    online = OnlinePayment.objects.filter(sale=OuterRef("pk"))
    return found.exclude(Exists(online)).select_related("store", "terminal").order_by("-id")


def asked_of(sale_ids: Sequence[int]) -> dict[int, Confirmation]:
    """Return what sales of the merchant in scope asked their shoppers last, by sale."""
    asked = Confirmation.objects.filter(sale_id__in=sale_ids).order_by("pk")
    return {one.sale_id: one for one in asked}


def verdict_of(key: SaleKey) -> str:
    """Return the verdict on a sale as it stands; one that is not known may still come."""
    state = Sale.objects.filter(mode=key.mode, uuid=key.uuid).values_list("state", flat=True)
    found = state.first()
    return VERDICTS[found] if found else NO_SALE


def find_payment(*, mode: str, uuid: UUID, store_id: int | None = None) -> OnlinePayment | None:
    """Return an online payment of the merchant in scope, of one store where one is named."""
    return payments_of(mode=mode, store_id=store_id).filter(uuid=uuid).first()


def payments_of(*, mode: str, store_id: int | None = None) -> QuerySet[OnlinePayment]:
    """Return the online payments of the merchant in scope, the newest first."""
    found = _of_store(OnlinePayment.objects.filter(mode=mode), store_id)
    return found.select_related("store", "link", "sale").order_by("-id")


def find_payment_by_token(token: str) -> OnlinePayment | None:
    """Return the payment whose page this is: who holds the token may see it."""
    with operator_scope("a payment's page is for whoever has its address"):
        found = OnlinePayment.objects.filter(token=token)
        return found.select_related("merchant", "store", "link", "sale").first()


def find_payment_by_id(payment_id: int) -> OnlinePayment:
    """Return the payment that a bank payment was for, of whatever merchant; it exists."""
    with operator_scope("a bank payment says what it was for"):
        found: OnlinePayment = OnlinePayment.objects.select_related(
            "merchant", "store", "link"
        ).get(pk=payment_id)
        return found


def payments_due(*, now: datetime, most: int) -> list[OnlinePayment]:
    """Return payments of all merchants whose time is over, those longest ago first."""
    due = Q(state__in=OPEN, expires_at__lte=now) | Q(state__in=HELD, capture_until__lte=now)
    with operator_scope("ending payments whose time is over"):
        return list(OnlinePayment.objects.filter(due).order_by("expires_at", "id")[:most])


def tokens_of(payment_ids: Sequence[int]) -> dict[int, str]:
    """Return the tokens of payments' pages, by their keys, to tell those that are open."""
    with operator_scope("telling the open pages of payments"):
        rows = OnlinePayment.objects.filter(pk__in=payment_ids).values_list("pk", "token")
        return dict(rows)


def rivals_of(payment_id: int) -> list[OnlinePayment]:
    """Return what others have begun by the link of a payment that is paid once, in one order."""
    begun = OnlinePayment.objects.filter(state__in=OPEN, only_once=True).exclude(pk=payment_id)
    mine = OnlinePayment.objects.filter(pk=payment_id).values("link")
    return list(begun.filter(link__in=mine).select_related("link").order_by("pk"))


def is_page(token: str) -> bool:
    """Say whether a payment has this page."""
    with operator_scope("a payment's page is for whoever has its address"):
        return bool(OnlinePayment.objects.filter(token=token).exists())


def find_link(*, mode: str, uuid: UUID, store_id: int | None = None) -> PaymentLink | None:
    """Return a payment link of the merchant in scope, of one store where one is named."""
    return links_of(mode=mode, store_id=store_id).filter(uuid=uuid).first()


def links_of(*, mode: str, store_id: int | None = None) -> QuerySet[PaymentLink]:
    """Return the payment links of the merchant in scope, the newest first."""
    found = _of_store(PaymentLink.objects.filter(mode=mode), store_id)
    return found.select_related("store").order_by("-id")


def find_link_by_token(token: str) -> PaymentLink | None:
    """Return the link at this address: who holds the token may see it."""
    with operator_scope("a payment link is for whoever has its address"):
        found = PaymentLink.objects.filter(token=token)
        return found.select_related("merchant", "store").first()


def paid_by_link(link: PaymentLink) -> OnlinePayment | None:
    """Return the last payment by a link that a shopper confirmed."""
    return payments_by_link(link).select_related("merchant", "store", "sale").first()


def payments_by_link(link: PaymentLink) -> QuerySet[OnlinePayment]:
    """Return the payments by a link that shoppers confirmed, the newest first."""
    return OnlinePayment.objects.filter(link=link, state__in=PAID).order_by("-id")


@dataclass(frozen=True, slots=True)
class LinkTotal:
    """How often a link was paid, and what shoppers confirmed in all."""

    count: int = 0
    amount: int = 0


def totals_of(links: Sequence[PaymentLink]) -> dict[int, LinkTotal]:
    """Return what was paid by each of these links, by their keys; one without is not there."""
    paid = OnlinePayment.objects.filter(link__in=links, state__in=PAID)
    rows = paid.order_by().values("link").annotate(count=Count("id"), total=Sum("amount"))
    return {row["link"]: LinkTotal(row["count"], row["total"]) for row in rows}


def _of_store(found: QuerySet[M], store_id: int | None) -> QuerySet[M]:
    return found if store_id is None else found.filter(store_id=store_id)


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
        coupons=draft.basket.coupons if draft else (),
        closed_at=sale.closed_at,
        heard=heard_before(draft) if draft else None,
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
