"""Prove, in the middle of a test, everything that ``manage.py verify`` proves."""

from django.db import connection

from okplatform.kernel.invariants import all_invariants
from okplatform.kernel.tenancy import operator_scope


def prove(*except_for: str) -> None:
    """Fail on any breach of any invariant; deferred constraints are checked too."""
    connection.check_constraints()
    with operator_scope("verify"):
        broken = {
            invariant.name: proof.breaches
            for invariant in all_invariants()
            if invariant.name not in except_for and (proof := invariant.prove()).breaches
        }
    assert not broken
