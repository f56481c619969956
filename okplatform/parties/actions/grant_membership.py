"""Let somebody work for a merchant."""

from django.utils.translation import gettext_lazy as _

from okplatform.kernel import audit, db
from okplatform.kernel.audit import Actor
from okplatform.kernel.errors import Refusal
from okplatform.parties.actions.refusals import NotOfThisMerchant
from okplatform.parties.integrity import refusing
from okplatform.parties.models import Membership


class MemberAlready(Refusal):
    """The person works for this merchant already."""

    code = "member_already"
    sentence = _("This person works here already. Change the role instead.")


REFUSALS = {
    "membership_once": MemberAlready,
    "membership_store_of_same_merchant": NotOfThisMerchant,
}


def grant_membership(
    *, person_id: int, merchant_id: int, role: str, actor: Actor, store_id: int | None = None
) -> Membership:
    """Give a person a role, everywhere or in one store.

    Raises ``MemberAlready`` or ``NotOfThisMerchant``.
    """
    with refusing(REFUSALS), db.transaction():
        membership: Membership = Membership.objects.create(
            person_id=person_id, merchant_id=merchant_id, role=role, store_id=store_id
        )
        audit.record(
            actor=actor,
            action="membership_granted",
            object_type="membership",
            object_id=membership.pk,
            merchant_id=merchant_id,
            data={"role": role},
        )
    return membership
