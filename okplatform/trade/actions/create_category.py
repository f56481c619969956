"""Group products."""

from okplatform.kernel import audit, db
from okplatform.kernel.audit import Actor
from okplatform.kernel.tenancy import merchant_scope
from okplatform.parties.actions.refusals import ReferenceTaken
from okplatform.parties.integrity import refusing
from okplatform.trade.actions.refusals import CategoryUnknown
from okplatform.trade.models import Category


def create_category(
    *,
    merchant_id: int,
    reference: str,
    name: str,
    actor: Actor,
    parent_reference: str | None = None,
) -> Category:
    """Add a category, inside another one if named.

    Raises ``ReferenceTaken`` or ``CategoryUnknown``.
    """
    with (
        refusing({"category_by_reference": ReferenceTaken}),
        db.transaction(),
        merchant_scope(merchant_id),
    ):
        parent = Category.objects.filter(reference=parent_reference).first()
        if parent_reference is not None and parent is None:
            raise CategoryUnknown
        category = Category.objects.create(
            merchant_id=merchant_id, reference=reference, name=name, parent=parent
        )
        audit.record(
            actor=actor,
            action="category_created",
            object_type="category",
            object_id=category.pk,
            merchant_id=merchant_id,
        )
    return category
