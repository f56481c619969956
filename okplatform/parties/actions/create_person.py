"""Give somebody a sign-in."""

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from okplatform.kernel import audit, db
from okplatform.kernel.audit import Actor
from okplatform.kernel.errors import Refusal
from okplatform.kernel.modes import Mode
from okplatform.parties.integrity import refusing
from okplatform.parties.models import Language, Person


class EmailInvalid(Refusal):
    """This is no e-mail address."""

    code = "email_invalid"
    status = 422
    sentence = _("This is not an e-mail address. Check it and try again.")


class EmailTaken(Refusal):
    """Somebody signs in with this address already."""

    code = "email_taken"
    sentence = _("This e-mail address is in use already. Sign in with it.")


def create_person(
    *,
    email: str,
    name: str,
    actor: Actor,
    language: str = Language.DUTCH,
    mode: str = Mode.LIVE,
    password: str | None = None,
    address_proved: bool = False,
) -> Person:
    """Make a person; without a password they sign in another way.

    ``address_proved`` says that the address is known to be theirs, so that no code is sent to it.
    Raises ``EmailInvalid`` or ``EmailTaken``.
    """
    person = Person(email=email.strip().lower(), name=name, language=language, mode=mode)
    try:
        validate_email(person.email)
    except ValidationError as error:
        raise EmailInvalid from error
    person.set_password(password)
    with refusing({"person_email_is_used_once": EmailTaken}), db.transaction():
        person.save(force_insert=True)
        if address_proved:
            EmailAddress.objects.create(
                user=person, email=person.email, verified=True, primary=True
            )
        audit.record(
            actor=actor,
            action="person_created",
            object_type="person",
            object_id=person.pk,
            mode=mode,
        )
    return person
