"""The certificate with which this machine's OK seals its requests to the sandbox bank."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from okplatform.local.keys import keep_once

VALID_FROM = datetime(2020, 1, 1, tzinfo=UTC)
VALID = timedelta(days=365 * 40)


def new_seal() -> dict[str, str]:
    """Return a fresh RSA key and a certificate that it signed itself, as settings, in PEM.

    A live bank knows OK by a qualified certificate (QSEAL); the sandbox bank trusts the first.
    """
    key = rsa.generate_private_key(public_exponent=65_537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "OK on this machine")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(VALID_FROM)
        .not_valid_after(VALID_FROM + VALID)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return {
        "OK_PIS_KEY": private.decode(),
        "OK_PIS_CERTIFICATE": certificate.public_bytes(serialization.Encoding.PEM).decode(),
    }


def kept_seal(file: Path) -> dict[str, str]:
    """Return the seal kept in `file`, making it at the first call."""
    return keep_once(file, new_seal)
