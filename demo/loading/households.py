"""Households of the Complete Journey data as people: a number for a name, and no way to sign in."""

from collections.abc import Collection

from okplatform.kernel import db
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.modes import Mode
from okplatform.parties.actions.bulk import NewPerson, create_people
from okplatform.parties.models import Person

DOMAIN = "complete-journey.example"


def load_households(numbers: Collection[int]) -> dict[int, int]:
    """Find or make the people these households are; return their ids by number.

    They have consented to nothing: a merchant sees that somebody came again, never who.
    """
    emails = {number: f"household-{number}@{DOMAIN}" for number in numbers}
    known = Person.objects.filter(email__endswith=f"@{DOMAIN}").values_list("email", "pk")
    ids: dict[str, int] = dict(known)
    missing = [
        NewPerson(email, f"Huishouden {number}")
        for number, email in emails.items()
        if email not in ids
    ]
    if missing:
        with db.transaction():
            ids |= create_people(people=missing, mode=Mode.LIVE, actor=SYSTEM)
    return {number: ids[email] for number, email in emails.items()}
