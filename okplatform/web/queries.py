"""What the frames around a page have to know about the reader."""

from django.db.models import QuerySet

from okplatform.kernel.tenancy import person_scope
from okplatform.parties.models import Membership


def memberships_of(person_id: int) -> QuerySet[Membership]:
    """Return where a person works, with the merchant and the store, by the merchant's name."""
    with person_scope(person_id):
        memberships: QuerySet[Membership] = Membership.objects.select_related("merchant", "store")
        return memberships.order_by("merchant__name")
