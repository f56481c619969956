"""What others ask about those who take part. Each read names whom it is for."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from okplatform.kernel import db
from okplatform.kernel.audit import Actor
from okplatform.kernel.errors import Refusal
from okplatform.parties.models import BrowserSession, PartnerKey, Role
from okplatform.parties.scopes import TILL_SCOPES, Scope
from okplatform.parties.tills import Caller, KeyProof, RefundLimits, StoreAtTill, Till

SELLING_ROLES = (Role.OWNER.value, Role.MANAGER.value, Role.CASHIER.value)
REFUNDING_ROLES = (Role.OWNER.value, Role.MANAGER.value)
"""Not a cashier alone: money leaves the shop."""


class StoreUnknown(Refusal):
    """The merchant has no such store, or the key is held to another one."""

    code = "store_unknown"
    status = 404
    sentence = _("This store is not known here. Check the store in the settings of the till.")


class TerminalUnknown(Refusal):
    """The store has no such terminal, or the key is held to another one."""

    code = "terminal_unknown"
    status = 404
    sentence = _("This till is not known here. Check the terminal in the settings of the till.")


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundKey:
    """An API key as stored, and the till it would sign in."""

    id: int
    digest: str
    revoked: bool
    withdrawn: bool
    ends_at: datetime | None
    networks: Sequence[str]
    last_used_at: datetime | None
    merchant_reference: str
    till: Till
    proof: KeyProof


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPartnerKey:
    """A partner's own key as stored; ``till`` is None where the merchant never allowed it."""

    id: int
    digest: str
    revoked: bool
    withdrawn: bool
    networks: Sequence[str]
    last_used_at: datetime | None
    till: Till | None


def find_key(prefix: str) -> FoundKey | None:
    """Return the key with this prefix, in one query; what it proves is for the caller to check."""
    rows = db.call("SELECT * FROM parties_find_key(%s)", [prefix])
    if not rows:
        return None
    _prefix, key_id, digest, mode, scopes, revoked, withdrawn, last_used_at, *rest = rows[0]
    merchant_id, name, currency, language, timezone, *rest = rest
    *place, stamp, reference, ends_at, networks, calls_per_minute, counts_as, a_day, a_sale = rest
    till = Till(
        actor=Actor(kind="api_key", id=str(key_id)),
        key_id=f"key:{key_id}",
        merchant_id=merchant_id,
        merchant_name=name,
        mode=mode,
        currency=currency,
        language=language,
        timezone=timezone,
        scopes=frozenset(scopes),
        place=_place(place),
        calls_per_minute=calls_per_minute,
        refund_limits=_limits(f"key:{counts_as}", a_day, a_sale),
    )
    return FoundKey(
        id=key_id,
        digest=digest,
        revoked=revoked,
        withdrawn=withdrawn,
        ends_at=ends_at,
        networks=tuple(networks),
        last_used_at=last_used_at,
        merchant_reference=reference,
        till=till,
        proof=KeyProof(prefix, stamp),
    )


def _limits(holder: str, a_day: int | None, a_reference: int | None) -> RefundLimits | None:
    if a_day is None and a_reference is None:
        return None
    return RefundLimits(holder=holder, a_day=a_day, a_reference=a_reference)


def find_partner_key(prefix: str, caller: Caller) -> FoundPartnerKey | None:
    """Return a partner's own key and the till it is for the merchant that a call names.

    In one query; what it proves is for the caller to check. A store or terminal that the merchant
    does not have is not in the till's place.
    """
    rows = db.call(
        "SELECT * FROM parties_find_partner_key(%s, %s, %s, %s)",
        [prefix, caller.merchant, caller.store, caller.terminal],
    )
    if not rows:
        return None
    key_id, digest, mode, scopes, revoked, networks, last_used_at, *rest = rows[0]
    grant_id, withdrawn, granted, a_day, a_reference, *whom = rest
    found = FoundPartnerKey(
        id=key_id,
        digest=digest,
        revoked=revoked,
        withdrawn=bool(withdrawn),
        networks=tuple(networks),
        last_used_at=last_used_at,
        till=None,
    )
    allowed = frozenset(scopes) & frozenset(granted or ())
    if not allowed:
        return found
    merchant_id, name, currency, language, timezone, *place = whom
    till = Till(
        actor=Actor(kind="partner_key", id=str(key_id)),
        key_id=f"partner:{key_id}:{merchant_id}",
        merchant_id=merchant_id,
        merchant_name=name,
        mode=mode,
        currency=currency,
        language=language,
        timezone=timezone,
        scopes=allowed,
        place=_place(place),
        refund_limits=_limits(f"grant:{grant_id}", a_day, a_reference),
    )
    return replace(found, till=till)


def key_stands(proof: KeyProof) -> bool:
    """Say whether a remembered sign-in still stands."""
    return bool(db.call("SELECT parties_key_stands(%s, %s)", [proof.prefix, proof.stamp])[0][0])


TILL_OF_PERSON = """
SELECT membership.id, membership.role, person.mode, person.language, merchant.id, merchant.name,
    merchant.currency, merchant.timezone, store.id, store.reference, store.channel, store.currency,
    store.timezone, terminal.id, terminal.reference
FROM parties_terminal terminal
JOIN parties_store store ON store.id = terminal.store_id
JOIN parties_merchant merchant ON merchant.id = terminal.merchant_id
JOIN parties_membership membership
    ON membership.merchant_id = terminal.merchant_id
    AND (membership.store_id IS NULL OR membership.store_id = terminal.store_id)
JOIN parties_person person ON person.id = membership.person_id
WHERE terminal.id = %s AND person.id = %s AND person.is_active AND membership.role = ANY(%s)
"""


def partner_key_digest(prefix: str) -> str | None:
    """Return the digest of a partner's own key with this prefix, or None."""
    found = PartnerKey.objects.filter(prefix=prefix).values_list("digest", flat=True)
    digest: str | None = found.first()
    return digest


def find_till_of_person(*, person_id: int, terminal_id: int) -> Till | None:
    """Return the till a person may work at this terminal; None if it is not theirs to work at."""
    rows = db.call(TILL_OF_PERSON, [terminal_id, person_id, list(SELLING_ROLES)])
    if not rows:
        return None
    membership_id, role, mode, language, merchant_id, name, currency, timezone, *place = rows[0]
    return Till(
        actor=Actor(kind="membership", id=str(membership_id)),
        key_id=f"membership:{membership_id}",
        merchant_id=merchant_id,
        merchant_name=name,
        mode=mode,
        currency=currency,
        language=language,
        timezone=timezone,
        scopes=TILL_SCOPES | ({Scope.REFUNDS_WRITE} if role in REFUNDING_ROLES else set()),
        place=_place(place),
    )


TILL_OF_STORE = """
SELECT merchant.name, merchant.currency, merchant.language, merchant.timezone, store.id,
    store.reference, store.channel, store.currency, store.timezone, NULL, NULL
FROM parties_store store JOIN parties_merchant merchant ON merchant.id = store.merchant_id
WHERE store.merchant_id = %s AND store.id = %s
"""


def till_of_store(*, merchant_id: int, store_id: int, mode: str, actor: Actor) -> Till:
    """Return the till that a store itself is when nobody stands at one: it may only sell there.

    A webshop sells so, and whoever pays a link. Raises ``StoreUnknown``.
    """
    rows = db.call(TILL_OF_STORE, [merchant_id, store_id])
    if not rows:
        raise StoreUnknown
    name, currency, language, timezone, *place = rows[0]
    return Till(
        actor=actor,
        key_id=f"store:{store_id}",
        merchant_id=merchant_id,
        merchant_name=name,
        mode=mode,
        currency=currency,
        language=language,
        timezone=timezone,
        scopes=frozenset(),
        place=_place(place),
    )


@dataclass(frozen=True, slots=True)
class TerminalChoice:
    """A terminal somebody may work at, with the names to choose it by."""

    terminal_id: int
    terminal_name: str
    store_name: str
    merchant_name: str
    merchant_reference: str


TERMINALS_OF_PERSON = """
SELECT terminal.id, terminal.name, store.name, merchant.name, merchant.reference
FROM parties_membership membership
JOIN parties_merchant merchant ON merchant.id = membership.merchant_id
JOIN parties_store store
    ON store.merchant_id = membership.merchant_id
    AND (membership.store_id IS NULL OR membership.store_id = store.id)
JOIN parties_terminal terminal ON terminal.store_id = store.id
WHERE membership.person_id = %s AND membership.role = ANY(%s)
ORDER BY merchant.name, store.name, terminal.name
"""


def terminals_of_person(person_id: int) -> list[TerminalChoice]:
    """Return every terminal this person may work at."""
    rows = db.call(TERMINALS_OF_PERSON, [person_id, list(SELLING_ROLES)])
    return [TerminalChoice(*row) for row in rows]


def find_store(
    till: Till, store_reference: str | None, terminal_reference: str | None
) -> StoreAtTill:
    """Return where a sale takes place, of what the till says and what its key is held to.

    A till that names nothing stands where its key is held. Raises ``StoreUnknown`` or
    ``TerminalUnknown`` (404) for what is not this merchant's, or not this key's.
    """
    place = till.place
    if place is not None:
        if store_reference not in {None, place.store_reference}:
            raise StoreUnknown
        if terminal_reference in {None, place.terminal_reference}:
            return place
        if place.terminal_id is not None:
            raise TerminalUnknown
    _check_names(store_reference, terminal_reference)
    rows = db.call(
        "SELECT * FROM parties_find_store(%s, %s, %s)",
        [till.merchant_id, till.store_reference or store_reference, terminal_reference],
    )
    if not rows:
        raise StoreUnknown
    found = _place(rows[0])
    if found is None or (terminal_reference is not None and found.terminal_id is None):
        raise TerminalUnknown
    return found


def _check_names(store_reference: str | None, terminal_reference: str | None) -> None:
    """Raise for a NUL: no name has one, and PostgreSQL would fail with it, not find nothing."""
    if "\0" in (store_reference or ""):
        raise StoreUnknown
    if "\0" in (terminal_reference or ""):
        raise TerminalUnknown


def _place(row: Sequence[Any]) -> StoreAtTill | None:
    """Return the store in the last seven columns of a row; None if there is none."""
    store_id, reference, channel, currency, timezone, terminal_id, terminal_reference = row
    if store_id is None:
        return None
    return StoreAtTill(
        store_id=store_id,
        store_reference=reference,
        channel=channel,
        currency=currency,
        timezone=timezone,
        terminal_id=terminal_id,
        terminal_reference=terminal_reference,
    )


def proved_address(person_id: int) -> str | None:
    """Return the e-mail address that a person has proved and still signs in with, or None."""
    proved = EmailAddress.objects.filter(
        user_id=person_id, user__is_active=True, verified=True, email=F("user__email")
    )
    address: str | None = proved.values_list("email", flat=True).first()
    return address


def sessions_of(person_id: int, *, now: datetime) -> QuerySet[BrowserSession]:
    """Return where a person is signed in, the last seen first; what has expired is over."""
    stand = Session.objects.filter(expire_date__gt=now).values("session_key")
    mine = BrowserSession.objects.filter(person_id=person_id, session_key__in=stand)
    return mine.order_by("-seen_at", "-id")
