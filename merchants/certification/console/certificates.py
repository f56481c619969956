"""The certificates of a merchant's till software, and one of them with its steps."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.http import Http404
from typing_extensions import override

from merchants.certification import queries, words
from merchants.certification.console.permission import CERTIFIERS
from merchants.certification.words import StepWords, Words
from merchants.models import Certificate, CertificateStep
from okplatform.web.views import StaffPage

PER_PAGE = 50
DIGITS = 18
"""Of a primary key; one more may be too large for PostgreSQL."""


@dataclass(frozen=True, slots=True)
class StepLine:
    """A step as a page shows it; a name that is not known any more stands for itself."""

    step: CertificateStep

    @property
    def scenario(self) -> Words:
        """Return what happened to the till."""
        return words.SCENARIOS.get(self.step.scenario, self.step.scenario)

    @property
    def words(self) -> StepWords:
        """Return what had to hold, what went wrong, and what to do."""
        name = self.step.step
        return words.STEPS.get(name) or StepWords(name, name, "")


@dataclass(frozen=True, slots=True)
class CertificateLine:
    """A certificate in the list, with the first step that did not hold."""

    certificate: Certificate
    failed: StepLine | None


@dataclass(frozen=True, slots=True)
class ScenarioBlock:
    """A scenario with its steps."""

    lines: Sequence[StepLine]

    @property
    def title(self) -> Words:
        """Return what happened to the till."""
        return self.lines[0].scenario

    @property
    def failed(self) -> StepLine | None:
        """Return the first step that did not hold."""
        return next((line for line in self.lines if not line.step.is_met), None)


def blocks_of(steps: Iterable[CertificateStep]) -> list[ScenarioBlock]:
    """Return the steps by scenario, in the order in which they were judged."""
    grouped = groupby(steps, key=lambda step: step.scenario)
    return [ScenarioBlock([StepLine(step) for step in found]) for _name, found in grouped]


class CertificatesPage(StaffPage):
    """Every run of the robot, the newest first."""

    required_permission = CERTIFIERS
    template_name = "merchants/certificates.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give one page of certificates."""
        said = self.request.GET.get("before", "")
        before = int(said) if said.isdecimal() and len(said) <= DIGITS else None
        rows = queries.certificates(before=before, limit=PER_PAGE + 1)
        shown = rows[:PER_PAGE]
        failures = queries.first_failures([one.pk for one in shown])
        lines = [
            CertificateLine(one, StepLine(failures[one.pk]) if one.pk in failures else None)
            for one in shown
        ]
        return super().get_context_data(
            lines=lines,
            following=shown[-1].pk if len(rows) > PER_PAGE else None,
            is_first=before is None,
            **kwargs,
        )


class CertificatePage(StaffPage):
    """One certificate: every scenario, and where it failed the step, the reason and the remedy."""

    required_permission = CERTIFIERS
    template_name = "merchants/certificate.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the certificate and its scenarios."""
        certificate = queries.certificate(self.kwargs["uuid"])
        if certificate is None:
            raise Http404
        blocks = blocks_of(queries.steps_of(certificate.pk))
        return super().get_context_data(
            certificate=certificate,
            blocks=blocks,
            failed=[block for block in blocks if block.failed],
            **kwargs,
        )
