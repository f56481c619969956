"""Write down in which language somebody wants to be spoken to."""

from okplatform.kernel import audit, db
from okplatform.kernel.audit import Actor
from okplatform.parties.models import Language, Person


def choose_language(*, person_id: int, language: Language, actor: Actor) -> None:
    """Keep the language of letters and, at the next sign-in, of pages."""
    with db.transaction():
        Person.objects.filter(pk=person_id).update(language=language)
        audit.record(
            actor=actor,
            action="language_chosen",
            object_type="person",
            object_id=person_id,
            data={"language": language},
        )
