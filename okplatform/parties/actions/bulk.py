"""Bulk twins of actions, for an importer that writes many rows at once."""

from collections.abc import Sequence
from typing import NamedTuple

from django.contrib.auth.hashers import make_password

from okplatform.kernel import audit, db
from okplatform.kernel.audit import Actor
from okplatform.parties.models import Language, Person


class NewPerson(NamedTuple):
    """A person known by an address that nobody has proved yet."""

    email: str
    name: str
    language: str = Language.DUTCH


@db.transaction_required
def create_people(*, people: Sequence[NewPerson], mode: str, actor: Actor) -> dict[str, int]:
    """Make people who cannot sign in until they prove their address; return ids by address.

    PostgreSQL refuses (``IntegrityError``) the whole call for one address that exists already.
    """
    made = Person.objects.bulk_create(
        Person(
            email=person.email.strip().lower(),
            name=person.name,
            language=person.language,
            mode=mode,
            password=make_password(None),
        )
        for person in people
    )
    audit.record(
        actor=actor,
        action="people_created",
        object_type="person",
        object_id=f"{len(made)} people",
        mode=mode,
        data={"people": len(made)},
    )
    return {person.email: person.pk for person in made}
