"""Say yes to one merchant for one purpose."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from okplatform.kernel import audit, events
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import call, transaction
from okplatform.kernel.errors import Refusal
from wallet.consent_texts import CURRENT_VERSION
from wallet.events import ConsentGranted

# Whoever already said yes keeps the consent in force, with the text read at that time.
GRANT = """
INSERT INTO wallet_consent (person_id, merchant_id, purpose, text_version, language, granted_at)
SELECT person.id, merchant.id, %(purpose)s, %(text_version)s, %(language)s, %(now)s
FROM parties_person person, parties_merchant merchant
WHERE person.id = %(person_id)s AND merchant.id = %(merchant_id)s
ON CONFLICT (person_id, merchant_id, purpose) WHERE withdrawn_at IS NULL DO NOTHING
RETURNING id
"""


class ConsentTextOutdated(Refusal):
    """The person read another text than the one we would keep with the yes."""

    code = "consent_text_outdated"
    sentence = _("The text has changed since you opened this page. Please read it again.")


def grant_consent(
    *,
    person_id: int,
    merchant_id: int,
    purpose: str,
    text_version: int,
    language: str,
    now: datetime,
    actor: Actor,
) -> None:
    """Put a consent in force; one in force already stays. Raises ``ConsentTextOutdated``."""
    if text_version != CURRENT_VERSION[purpose]:
        raise ConsentTextOutdated
    with transaction():
        granted = call(
            GRANT,
            {
                "person_id": person_id,
                "merchant_id": merchant_id,
                "purpose": purpose,
                "text_version": text_version,
                "language": language,
                "now": now,
            },
        )
        if not granted:
            return
        audit.record(
            actor=actor,
            action="consent_granted",
            object_type="consent",
            object_id=granted[0][0],
            merchant_id=merchant_id,
            data={"purpose": purpose, "text_version": text_version, "language": language},
        )
        events.publish(
            ConsentGranted(person_id=person_id, merchant_id=merchant_id, purpose=purpose),
            now=now,
            merchant_id=merchant_id,
        )
