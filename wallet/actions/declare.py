"""Let a person tell their preferences, or their allergies."""

from collections.abc import Collection
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from okplatform.kernel import audit
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction
from okplatform.kernel.errors import Refusal
from wallet.models import Allergen, Declaration, DeclarationKind, Preference

MOST_WORDS = 10
LONGEST = 80
CODES = {
    DeclarationKind.PREFERENCE: frozenset(Preference.values),
    DeclarationKind.ALLERGY: frozenset(Allergen.values),
}


class DeclarationTooLong(Refusal):
    """More in own words than a person behind a counter can read."""

    code = "declaration_too_long"
    status = 422
    sentence = _("Keep it short: at most ten lines, of 80 characters each.")


def declare(
    *,
    person_id: int,
    kind: DeclarationKind,
    codes: Collection[str],
    words: str,
    now: datetime,
    actor: Actor,
) -> None:
    """Replace what was told of this kind; ``words`` holds a thing of one's own on each line.

    Raises ``DeclarationTooLong``. The audit says that it changed, not what: an allergy is health
    data.
    """
    own = list(dict.fromkeys(line for line in map(str.strip, words.splitlines()) if line))
    if len(own) > MOST_WORDS or any(len(line) > LONGEST for line in own):
        raise DeclarationTooLong
    ticked = sorted(CODES[kind].intersection(codes))
    with transaction():
        Declaration.objects.filter(person_id=person_id, kind=kind).delete()
        Declaration.objects.bulk_create(
            Declaration(person_id=person_id, kind=kind, code=code, words=line, declared_at=now)
            for code, line in [(code, "") for code in ticked] + [("", line) for line in own]
        )
        audit.record(
            actor=actor,
            action=f"{kind.value}_declared",
            object_type="person",
            object_id=person_id,
        )
