"""Households of the Complete Journey data as people: a number for a name, and no way to sign in."""

from collections.abc import Collection

from okplatform.kernel.audit import SYSTEM
from okplatform.parties.actions.create_person import create_person
from okplatform.parties.models import Person

DOMAIN = "complete-journey.example"


def load_households(numbers: Collection[int]) -> dict[int, int]:
    """Find or make the people these households are; return their ids by number.

    They have consented to nothing: a merchant sees that somebody came again, never who.
    """
    ids = dict(Person.objects.filter(email__endswith=f"@{DOMAIN}").values_list("email", "pk"))
    people = {}
    for number in numbers:
        email = f"household-{number}@{DOMAIN}"
        if email not in ids:
            person = create_person(email=email, name=f"Huishouden {number}", actor=SYSTEM)
            ids[email] = person.pk
        people[number] = ids[email]
    return people
