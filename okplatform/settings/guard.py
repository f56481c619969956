"""What production refuses to start on: a secret that is missing, weak or taken from an example."""

import sys
from collections.abc import Iterator, Mapping

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

SHORTEST_SECRET = 40
FEWEST_CHARACTERS = 10
DEMANDED = (
    "DATABASE_URL",
    "REDIS_URL",
    "EMAIL_URL",
    "ALLOWED_HOSTS",
    "OK_BANK_FOLDER",
    "OK_CREDITOR_ID",
    "OK_SELLER_NAME",
    "OK_SELLER_STREET",
    "OK_SELLER_POSTAL_CODE",
    "OK_SELLER_CITY",
    "OK_SELLER_KVK",
    "OK_SELLER_VAT_NUMBER",
)
# Words of examples and templates; no generated secret holds one.
EXAMPLE_WORDS = ("insecure", "change", "secret", "example", "default", "password", "made-up")


def refuse_defaults(environment: Mapping[str, str]) -> None:
    """End the process with one sentence that names everything wrong with `environment`."""
    faults = list(_faults(environment))
    if faults:
        sys.exit(f"OK does not start in production: {'; '.join(faults)} (see docs/settings.md).")


def _faults(environment: Mapping[str, str]) -> Iterator[str]:
    for name in DEMANDED:
        if not environment.get(name):
            yield f"{name} is missing"
    if "*" in environment.get("ALLOWED_HOSTS", ""):
        yield "ALLOWED_HOSTS allows any host"
    if not environment.get("BASE_URL", "").startswith("https://"):
        yield "BASE_URL does not begin with https://"
    yield from _faults_of_secrets(environment)


def _faults_of_secrets(environment: Mapping[str, str]) -> Iterator[str]:
    seen: set[str] = set()
    for name in ("DJANGO_SECRET_KEY", "OK_API_KEY_PEPPER"):
        value = environment.get(name, "")
        fault = _fault_of_secret(value) or ("used for something else too" if value in seen else "")
        seen.add(value)
        if fault:
            yield f"{name} is {fault}"
    for name in ("OK_CODE_PRIVATE_KEY", "OK_CONSENT_PRIVATE_KEY", "OK_PUSH_PRIVATE_KEY"):
        value = environment.get(name, "")
        fault = _fault_of_key(value) or ("used for something else too" if value in seen else "")
        seen.add(value)
        if fault:
            yield f"{name} is {fault}"


def _fault_of_secret(value: str) -> str:
    if not value:
        return "missing"
    if any(word in value.lower() for word in EXAMPLE_WORDS):
        return "an example, not a secret"
    if len(value) < SHORTEST_SECRET or len(set(value)) < FEWEST_CHARACTERS:
        return f"too easy to guess (use {SHORTEST_SECRET} random characters or more)"
    return ""


def _fault_of_key(pem: str) -> str:
    if not pem:
        return "missing"
    try:
        key = serialization.load_pem_private_key(pem.replace("\\n", "\n").encode(), password=None)
    except (ValueError, TypeError):
        return "not a private key in PEM"
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        return "not a P-256 key"
    return ""
