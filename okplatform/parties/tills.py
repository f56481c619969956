"""Who a till or webshop turns out to be once it has signed in."""

from dataclasses import dataclass, replace

from okplatform.kernel.audit import Actor
from okplatform.kernel.modes import Mode
from okplatform.parties.scopes import TILL_SCOPES, Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreAtTill:
    """Where a sale takes place; ``channel`` is "in_store" or "online"."""

    store_id: int
    store_reference: str
    channel: str
    currency: str
    timezone: str
    terminal_id: int | None = None
    terminal_reference: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """What a call says and shows besides its key: from where it comes, for whom, at which till.

    ``address`` is None where it is not known. ``store`` and ``terminal`` are references.
    """

    address: str | None = None
    merchant: str | None = None
    store: str | None = None
    terminal: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundLimits:
    """How much, in minor units, somebody may give back: ``holder`` names whose count it is.

    None is no limit.
    """

    holder: str
    a_day: int | None
    a_reference: int | None


@dataclass(frozen=True, slots=True)
class KeyProof:
    """What PostgreSQL is shown to tell whether a remembered sign-in still stands."""

    prefix: str
    stamp: str


class SignInOutdatedError(Exception):
    """A remembered sign-in no longer stands; nothing was done. Sign in anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Till:
    """A signed-in till: what it may do, for whom, and where.

    ``key_id`` names the sign-in for limits and throttles ("key:12", "membership:7"). ``place`` is
    set when the key is held to one store, and to one terminal where it names one. None of
    ``calls_per_minute`` and ``refund_limits`` is what holds for everybody. With
    ``remembered`` it was signed in from memory: whoever acts on it shows the proof to PostgreSQL in
    the same statement as the first thing that is asked (``parties_key_stands``). One that
    ``is_training`` sells in test mode, for its cashier to learn.
    """

    actor: Actor
    key_id: str
    merchant_id: int
    merchant_name: str
    mode: str
    currency: str
    language: str
    timezone: str
    scopes: frozenset[str]
    place: StoreAtTill | None
    remembered: KeyProof | None = None
    is_training: bool = False
    calls_per_minute: int | None = None
    refund_limits: RefundLimits | None = None

    @property
    def store_id(self) -> int | None:
        """Return the one store this till may sell in; None is any of the merchant's."""
        return self.place.store_id if self.place else None

    @property
    def store_reference(self) -> str | None:
        """Return the reference of that store."""
        return self.place.store_reference if self.place else None

    @property
    def terminal_id(self) -> int | None:
        """Return the one terminal this till is; None is any."""
        return self.place.terminal_id if self.place else None

    @property
    def terminal_reference(self) -> str | None:
        """Return the reference of that terminal."""
        return self.place.terminal_reference if self.place else None


TRAINING_SCOPES = TILL_SCOPES | {Scope.REFUNDS_WRITE, Scope.TEST_CODES}


def in_training(till: Till) -> Till:
    """Return the same till as its training twin: in test mode, where nothing is real.

    There a cashier may give back, and make codes of test people. What it gets wrong is counted
    apart, so that it never slows the real till down.
    """
    return replace(
        till,
        key_id=f"{till.key_id}:training",
        mode=Mode.TEST.value,
        scopes=TRAINING_SCOPES,
        is_training=True,
    )
