"""Let OK lay invoices and statements down in a merchant's bookkeeping program, or no longer."""

import re
from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from okplatform.kernel import audit
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction
from okplatform.kernel.errors import Refusal
from okplatform.kernel.tenancy import merchant_scope
from payments.models import BookkeepingLink, BookkeepingPush
from payments.secrets import locked
from payments.settlement import move
from payments.states import PushState

NUMBER = re.compile(r"[0-9]{1,20}")


class AdministrationInvalid(Refusal):
    """What the program calls things is a number each, and its token is not empty."""

    code = "administration_invalid"
    status = 422
    sentence = _("Fill in four numbers, as your bookkeeping program shows them, and the token.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Administration:
    """What the program calls the administration, OK's account and OK in it, and the VAT rate."""

    administration: str
    financial_account: str
    contact: str
    tax_rate: str


def link_bookkeeping(
    *,
    merchant_id: int,
    administration: Administration,
    token: str,
    since: date,
    now: datetime,
    actor: Actor,
) -> None:
    """Connect, or connect anew: what was refused before is tried again.

    Raises ``AdministrationInvalid``, having kept nothing.
    """
    numbers = asdict(administration)
    if not token.strip() or not all(NUMBER.fullmatch(number) for number in numbers.values()):
        raise AdministrationInvalid
    with merchant_scope(merchant_id), transaction():
        BookkeepingLink.objects.update_or_create(
            merchant_id=merchant_id,
            defaults={**numbers, "token": locked(token.strip()), "connected_at": now},
            create_defaults={
                **numbers,
                "token": locked(token.strip()),
                "connected_at": now,
                "since": since,
            },
        )
        refused = BookkeepingPush.objects.filter(state=PushState.REFUSED)
        move(refused, PushState.DUE, next_attempt_at=now, attempts=0)
        _record("bookkeeping_linked", merchant_id, actor)


def unlink_bookkeeping(*, merchant_id: int, actor: Actor) -> None:
    """Forget where the merchant keeps its books, and the token; what was laid down stays there."""
    with merchant_scope(merchant_id), transaction():
        if BookkeepingLink.objects.filter(merchant_id=merchant_id).delete()[0]:
            _record("bookkeeping_unlinked", merchant_id, actor)


def _record(action: str, merchant_id: int, actor: Actor) -> None:
    audit.record(
        actor=actor,
        action=action,
        object_type="merchant",
        object_id=merchant_id,
        merchant_id=merchant_id,
    )
