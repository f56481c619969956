"""An importer makes people by the thousand."""

import pytest
from django.db import IntegrityError

from okplatform.kernel import db
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.models import AuditEntry
from okplatform.parties.actions.bulk import NewPerson, create_people
from okplatform.parties.models import Person

pytestmark = pytest.mark.django_db


def test_people_made_at_once_cannot_sign_in_yet_and_leave_one_audit_row() -> None:
    with db.transaction():
        ids = create_people(
            people=[NewPerson("Dora@example.nl", "Dora"), NewPerson("emil@example.nl", "Emil")],
            mode="live",
            actor=SYSTEM,
        )
    dora = Person.objects.get(pk=ids["dora@example.nl"])
    assert (dora.name, dora.mode, dora.has_usable_password()) == ("Dora", "live", False)
    audit = AuditEntry.objects.get(action="people_created")
    assert audit.data == {"people": 2}


def test_one_address_that_is_taken_refuses_all_of_them() -> None:
    with db.transaction():
        create_people(people=[NewPerson("emil@example.nl", "Emil")], mode="live", actor=SYSTEM)
    with pytest.raises(IntegrityError), db.transaction():
        create_people(
            people=[NewPerson("finn@example.nl", "Finn"), NewPerson("EMIL@example.nl", "Emil")],
            mode="live",
            actor=SYSTEM,
        )
    assert not Person.objects.filter(email="finn@example.nl").exists()
