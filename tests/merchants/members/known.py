"""Somebody whose every fact can be told from all others, wherever it turns up."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from okplatform.kernel import clock
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.actions.create_person import create_person
from okplatform.parties.models import Person
from wallet.actions.declare import declare
from wallet.actions.grant_consent import grant_consent
from wallet.actions.set_birthday import set_birthday
from wallet.actions.set_contact_details import set_contact_details
from wallet.actions.withdraw_consent import withdraw_consents
from wallet.consent_texts import CURRENT_VERSION
from wallet.models import DeclarationKind, Disclosure, Purpose

FACTS = {
    Purpose.IDENTITY: ("Wilhelmina", "Zeldenrust"),
    Purpose.CONTACT: ("postbus-zeven@example.nl", "+31612121212", "Nergensweg 3", "Verwegdorp"),
    Purpose.PREFERENCES: ("zonder plakjes graag",),
    Purpose.ALLERGIES: ("schorseneren",),
}
"""What may come out by each purpose; by any other, nothing."""


def somebody() -> Person:
    """Make the person, with all that one can tell about oneself."""
    now = clock.now()
    person = create_person(
        email="postbus-zeven@example.nl",
        name="Wilhelmina Zeldenrust",
        password="kaas-en-brood-voor-morgen",
        address_proved=True,
        actor=SYSTEM,
    )
    set_birthday(person_id=person.pk, day=29, month=2, now=clock.now(), actor=SYSTEM)
    set_contact_details(
        person_id=person.pk,
        phone="06 12 12 12 12",
        street="Nergensweg 3",
        postal_code="9999 ZZ",
        city="Verwegdorp",
        now=now,
        actor=SYSTEM,
    )
    for kind, words in (
        (DeclarationKind.PREFERENCE, "zonder plakjes graag"),
        (DeclarationKind.ALLERGY, "schorseneren"),
    ):
        declare(person_id=person.pk, kind=kind, codes=(), words=words, now=now, actor=SYSTEM)
    return person


def allow(person: Person, merchant_id: int, *purposes: str, now: datetime | None = None) -> None:
    """Say yes to these purposes, each by itself."""
    for purpose in purposes:
        grant_consent(
            person_id=person.pk,
            merchant_id=merchant_id,
            purpose=purpose,
            text_version=CURRENT_VERSION[purpose],
            language="nl",
            now=now or clock.now(),
            actor=SYSTEM,
        )


@contextmanager
def allowing(person: Person, merchant_id: int, *purposes: str) -> Iterator[None]:
    """Say yes to these purposes, and take it all back in the end."""
    allow(person, merchant_id, *purposes)
    yield
    withdraw_consents(person_id=person.pk, now=clock.now(), actor=SYSTEM)


def told(text: str) -> set[str]:
    """Return the purposes whose facts stand in a text."""
    return {
        purpose.value for purpose, facts in FACTS.items() if any(fact in text for fact in facts)
    }


def looked(purpose: str | None = None) -> int:
    """Return how many lines "who looked" has, of one purpose or all."""
    with operator_scope("the test looks"):
        looks = Disclosure.objects.all()
        return len(looks.filter(purpose=purpose) if purpose else looks)
