"""Reads of certificates, and of OK's own books about the sales that the robot made."""

from collections.abc import Sequence
from uuid import UUID

from merchants.certification.evidence import OK, Fact
from merchants.models import Certificate, CertificateStep
from okplatform.kernel.db import call
from okplatform.kernel.modes import Mode

# What OK took stands in payments, beside the tender: a sale that were paid twice would show there.
FACTS = """
SELECT sale.uuid::text, sale.state, sale.due,
       (SELECT coalesce(sum(payment.amount), 0) FROM payments_payment payment
        WHERE payment.sale_id = sale.id),
       (SELECT coalesce(sum(tender.amount), 0) FROM trade_tender tender
        WHERE tender.sale_id = sale.id AND tender.kind <> %(ok)s)
FROM trade_sale sale
WHERE sale.merchant_id = %(merchant_id)s AND sale.mode = %(mode)s
  AND sale.uuid::text = ANY (%(uuids)s)
"""


def facts_of(uuids: Sequence[str], *, merchant_id: int, mode: str = Mode.TEST) -> dict[str, Fact]:
    """Return how a merchant's sales stand, by their numbers; those not known are left out."""
    asked = {"merchant_id": merchant_id, "mode": mode, "uuids": list(uuids), "ok": OK}
    return {
        uuid: Fact(state=state, due=due, by_ok=int(by_ok), by_others=int(by_others))
        for uuid, state, due, by_ok, by_others in call(FACTS, asked)
    }


def certificates(*, before: int | None, limit: int) -> Sequence[Certificate]:
    """Return the certificates of the merchant in scope, the newest first."""
    found = Certificate.objects.order_by("-pk")
    if before is not None:
        found = found.filter(pk__lt=before)
    return list(found[:limit])


def certificate(uuid: UUID) -> Certificate | None:
    """Return one of the merchant in scope."""
    found: Certificate | None = Certificate.objects.filter(uuid=uuid).first()
    return found


def steps_of(certificate_id: int) -> Sequence[CertificateStep]:
    """Return what was judged, in its order."""
    return list(CertificateStep.objects.filter(certificate_id=certificate_id).order_by("number"))


def first_failures(certificate_ids: Sequence[int]) -> dict[int, CertificateStep]:
    """Return the first step of each certificate that did not hold."""
    failed = CertificateStep.objects.filter(certificate_id__in=certificate_ids, is_met=False)
    return {step.certificate_id: step for step in failed.order_by("-number")}
