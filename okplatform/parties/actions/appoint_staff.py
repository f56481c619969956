"""Let somebody into the office of OK, or no longer."""

from django.utils.translation import gettext_lazy as _

from okplatform.kernel import audit, db
from okplatform.kernel.audit import Actor
from okplatform.kernel.errors import Refusal
from okplatform.parties.models import Person


class PersonUnknown(Refusal):
    """Nobody signs in with this."""

    code = "person_unknown"
    status = 404
    sentence = _("Nobody signs in with this address.")


def appoint_staff(*, email: str, actor: Actor) -> None:
    """Make a person one of OK's own people; twice is once. Raises ``PersonUnknown``."""
    _set(email, actor, is_staff=True)


def dismiss_staff(*, email: str, actor: Actor) -> None:
    """Close the office to a person, from the next page on. Raises ``PersonUnknown``."""
    _set(email, actor, is_staff=False)


def _set(email: str, actor: Actor, *, is_staff: bool) -> None:
    with db.transaction():
        person = Person.objects.filter(email=email.strip().lower()).first()
        if person is None:
            raise PersonUnknown
        if not Person.objects.filter(pk=person.pk, is_staff=not is_staff).update(is_staff=is_staff):
            return
        audit.record(
            actor=actor,
            action="staff_appointed" if is_staff else "staff_dismissed",
            object_type="person",
            object_id=person.pk,
        )
