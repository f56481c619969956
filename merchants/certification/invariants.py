"""What ``manage.py verify`` proves of certificates."""

from okplatform.kernel.invariants import Proof, invariant, prove_none


@invariant("certificates_say_what_was_found")
def certificates_say_what_was_found() -> Proof:
    """Prove that who passed held every step and failed none, and that failures were found."""
    return prove_none(
        rows="SELECT count(*) FROM merchants_certificate",
        breaches="""
            SELECT 'certificate ' || certificate.id || ' says '
                   || CASE WHEN is_passed THEN 'passed' ELSE 'failed' END || ' over '
                   || count(step.id) || ' steps, of which '
                   || count(step.id) FILTER (WHERE step.is_met) || ' held'
            FROM merchants_certificate certificate
            LEFT JOIN merchants_certificate_step step ON step.certificate_id = certificate.id
            GROUP BY certificate.id
            HAVING is_passed IS DISTINCT FROM (count(step.id) > 0 AND bool_and(step.is_met))
        """,
    )
