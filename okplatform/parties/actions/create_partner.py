"""Take on a till vendor."""

from okplatform.kernel import audit, db
from okplatform.kernel.audit import Actor
from okplatform.parties.actions.refusals import ReferenceTaken
from okplatform.parties.integrity import refusing
from okplatform.parties.models import Partner


def create_partner(*, reference: str, name: str, actor: Actor) -> Partner:
    """Make a partner; it acts for nobody until a merchant allows it. Raises ``ReferenceTaken``."""
    with refusing({"parties_partner_reference_key": ReferenceTaken}), db.transaction():
        partner = Partner.objects.create(reference=reference, name=name)
        audit.record(
            actor=actor, action="partner_created", object_type="partner", object_id=partner.pk
        )
    return partner
