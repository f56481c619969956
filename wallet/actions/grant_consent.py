"""Say yes to one merchant for one purpose."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from okplatform.kernel import audit, events
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import call, transaction
from okplatform.kernel.errors import Refusal
from wallet.consent_texts import CURRENT_VERSION
from wallet.events import ConsentGranted

# A yes to an earlier text ends where the yes to the new one begins.
REPLACE = """
UPDATE wallet_consent SET withdrawn_at = greatest(%(now)s, granted_at)
WHERE person_id = %(person_id)s AND merchant_id = %(merchant_id)s AND purpose = %(purpose)s
  AND withdrawn_at IS NULL AND text_version < %(text_version)s
RETURNING text_version
"""

# Whoever already said yes to this text keeps the consent in force, with the language read then.
GRANT = """
INSERT INTO wallet_consent (person_id, merchant_id, purpose, text_version, language, granted_at)
SELECT person.id, merchant.id, %(purpose)s, %(text_version)s, %(language)s, %(now)s
FROM parties_person person, parties_merchant merchant
WHERE person.id = %(person_id)s AND merchant.id = %(merchant_id)s AND person.is_active
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
    """Put a consent in force; one in force for this text already stays.

    One that was given to an earlier text ends and is replaced. Raises ``ConsentTextOutdated``.
    """
    if text_version != CURRENT_VERSION[purpose]:
        raise ConsentTextOutdated
    asked = {
        "person_id": person_id,
        "merchant_id": merchant_id,
        "purpose": purpose,
        "text_version": text_version,
        "language": language,
        "now": now,
    }
    with transaction():
        replaced = call(REPLACE, asked)
        granted = call(GRANT, asked)
        if not granted:
            return
        earlier = {"instead_of": replaced[0][0]} if replaced else {}
        audit.record(
            actor=actor,
            action="consent_granted",
            object_type="consent",
            object_id=granted[0][0],
            merchant_id=merchant_id,
            data={
                "purpose": purpose,
                "text_version": text_version,
                "language": language,
                **earlier,
            },
        )
        events.publish(
            ConsentGranted(person_id=person_id, merchant_id=merchant_id, purpose=purpose),
            now=now,
            merchant_id=merchant_id,
        )
