"""Take away a person's sign-in and name; what refers to them stays, and says nobody's name."""

from uuid import uuid4

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator

from okplatform.kernel import audit
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction_required
from okplatform.kernel.tenancy import person_scope
from okplatform.parties.actions.end_session import end
from okplatform.parties.models import BrowserSession, Membership, Person

NOWHERE = "gone.invalid"
"""No letter ever goes there: RFC 2606 keeps the name free."""


@transaction_required
def forget_person(*, person_id: int, actor: Actor) -> None:
    """End every sign-in and every job of a person, as a part of a larger action.

    Their sessions end with it. Their address is free again.
    """
    EmailAddress.objects.filter(user_id=person_id).delete()
    Authenticator.objects.filter(user_id=person_id).delete()
    end(BrowserSession.objects.filter(person_id=person_id), actor=actor)
    with person_scope(person_id):
        Membership.objects.all().delete()
    person = Person.objects.select_for_update().get(pk=person_id)
    person.email = f"{uuid4()}@{NOWHERE}"
    person.name = ""
    person.is_active = person.is_staff = person.is_superuser = False
    person.set_unusable_password()
    person.save()
    audit.record(
        actor=actor,
        action="person_forgotten",
        object_type="person",
        object_id=person_id,
        mode=person.mode,
    )
