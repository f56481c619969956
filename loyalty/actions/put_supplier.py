"""Name a supplier, and say which part of an offer it pays."""

from django.utils.translation import gettext_lazy as _

from loyalty.actions.refusals import OfferUnknown
from loyalty.models import Offer, OfferShare, Supplier
from okplatform.kernel import audit, db
from okplatform.kernel.audit import Actor
from okplatform.kernel.errors import Refusal
from okplatform.kernel.tenancy import merchant_scope


class SupplierUnknown(Refusal):
    """The merchant has no such supplier."""

    code = "supplier_unknown"
    status = 404
    sentence = _("This supplier does not exist. Add it first.")


def put_supplier(*, merchant_id: int, name: str, actor: Actor) -> int:
    """Add a supplier of this name and return its id; one that is there stays as it is."""
    with db.transaction(), merchant_scope(merchant_id):
        supplier, is_new = Supplier.objects.get_or_create(merchant_id=merchant_id, name=name)
        if is_new:
            audit.record(
                actor=actor,
                action="supplier_added",
                object_type="supplier",
                object_id=supplier.pk,
                merchant_id=merchant_id,
            )
        return int(supplier.pk)


def put_offer_share(
    *, merchant_id: int, offer_id: int, supplier_id: int, share_bp: int, actor: Actor
) -> None:
    """Let a supplier pay so much, in basis points, of what an offer gives from now on; 0 ends it.

    What was sold before stays as it was agreed. Raises ``OfferUnknown`` or ``SupplierUnknown``.
    """
    with db.transaction(), merchant_scope(merchant_id):
        if not Offer.objects.filter(pk=offer_id).exists():
            raise OfferUnknown
        if not Supplier.objects.filter(pk=supplier_id).exists():
            raise SupplierUnknown
        if share_bp:
            OfferShare.objects.update_or_create(
                offer_id=offer_id,
                defaults={
                    "merchant_id": merchant_id,
                    "supplier_id": supplier_id,
                    "share_bp": share_bp,
                },
            )
        else:
            OfferShare.objects.filter(offer_id=offer_id).delete()
        audit.record(
            actor=actor,
            action="offer_share_put",
            object_type="offer",
            object_id=offer_id,
            merchant_id=merchant_id,
            data={"supplier_id": supplier_id, "share_bp": share_bp},
        )
