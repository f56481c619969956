"""People: one sign-in per address."""

import pytest
from allauth.account.models import EmailAddress
from django.db import IntegrityError

from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.models import AuditEntry
from okplatform.parties.actions.create_person import EmailInvalid, EmailTaken, create_person
from okplatform.parties.models import Person
from tests.support.world import PASSWORD, World


def test_an_address_is_kept_in_small_letters(world: World) -> None:
    person = create_person(email="  Dirk@Example.NL ", name="Dirk", actor=SYSTEM)

    assert person.email == "dirk@example.nl"
    assert Person.objects.get_by_natural_key("DIRK@example.nl") == person
    assert not person.has_usable_password()


def test_an_address_in_other_capitals_is_taken(alice: Person) -> None:
    with pytest.raises(EmailTaken):
        create_person(email="ALICE@example.nl", name="Somebody else", actor=SYSTEM)

    assert Person.objects.count() == 1
    assert AuditEntry.objects.filter(action="person_created").count() == 1


def test_postgresql_itself_refuses_capitals(alice: Person) -> None:
    with pytest.raises(IntegrityError, match="person_email_is_lower_case"):
        Person.objects.filter(pk=alice.pk).update(email="Alice@example.nl")


@pytest.mark.django_db
@pytest.mark.parametrize("email", ["", "alice", "alice@", "al ice@example.nl"])
def test_what_is_no_address_is_refused_and_nobody_is_made(email: str) -> None:
    with pytest.raises(EmailInvalid):
        create_person(email=email, name="Nobody", actor=SYSTEM)

    assert not Person.objects.exists()


def test_a_person_with_a_proved_address_signs_in_at_once(world: World, alice: Person) -> None:
    assert alice.check_password(PASSWORD)
    assert alice.get_short_name() == "Alice"
    assert EmailAddress.objects.get(user=alice).verified


@pytest.mark.django_db
def test_the_first_operator_is_made_from_the_command_line() -> None:
    operator = Person.objects.create_superuser(email="Root@example.nl", password=PASSWORD, name="R")

    assert operator.is_staff
    assert operator.is_superuser
    assert operator.email == "root@example.nl"
