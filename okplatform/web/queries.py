"""What the frames around a page have to know about the reader."""

from collections.abc import Mapping

from allauth.mfa.models import Authenticator
from django.db.models import Count, QuerySet

from okplatform.kernel.tenancy import person_scope
from okplatform.parties.models import Membership


def memberships_of(person_id: int) -> QuerySet[Membership]:
    """Return where a person works, with the merchant and the store, by the merchant's name."""
    with person_scope(person_id):
        memberships: QuerySet[Membership] = Membership.objects.select_related("merchant", "store")
        return memberships.order_by("merchant__name")


def factors_of(person_id: int) -> Mapping[str, int]:
    """Return how many passkeys and other second factors a person has, by allauth's type."""
    kept = Authenticator.objects.filter(user_id=person_id).values_list("type")
    return dict(kept.annotate(count=Count("id")).order_by())
