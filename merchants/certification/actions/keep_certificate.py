"""Keep what the robot found of a till's software."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from merchants.models import Certificate, CertificateStep
from okplatform.kernel import audit
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction
from okplatform.kernel.tenancy import merchant_scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A step of a scenario; ``calls`` explain it where it did not hold."""

    scenario: str
    step: str
    is_met: bool
    calls: str = ""


def keep_certificate(
    *,
    merchant_id: int,
    uuid: UUID,
    software: str,
    version: str,
    steps: Sequence[Judged],
    began_at: datetime,
    now: datetime,
    actor: Actor,
) -> Certificate:
    """Keep a run with all its steps; it passed where every one of them held, and there was one."""
    with merchant_scope(merchant_id), transaction():
        certificate = Certificate.objects.create(
            merchant_id=merchant_id,
            uuid=uuid,
            software=software,
            version=version,
            is_passed=bool(steps) and all(step.is_met for step in steps),
            began_at=began_at,
            ended_at=now,
        )
        CertificateStep.objects.bulk_create(
            CertificateStep(
                certificate=certificate,
                merchant_id=merchant_id,
                number=number,
                scenario=one.scenario,
                step=one.step,
                is_met=one.is_met,
                calls=one.calls,
            )
            for number, one in enumerate(steps, 1)
        )
        audit.record(
            actor=actor,
            action="till_certified" if certificate.is_passed else "till_not_certified",
            object_type="certificate",
            object_id=certificate.pk,
            merchant_id=merchant_id,
            mode="test",
            data={"software": software, "version": version},
        )
    return certificate
