"""Whose a request is: its digest, its signature and the certificate that it names.

As NextGenPSD2 1.3.11 has it (chapter 12). A bank asks a trust service whether a certificate is that
of a licensed party; this one trusts the first it sees, and no other from then on.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from demo.bank.books import Books

MUST_BE_SIGNED = {"digest", "x-request-id", "psu-id", "psu-corporate-id", "tpp-redirect-uri"}
NEEDED = {"digest", "x-request-id", "signature", "tpp-signature-certificate"}
PART = re.compile(r'(\w+)="([^"]*)"')


class Unsealed(Exception):  # noqa: N818 -- it is the request that bears no seal
    """A request that proves nothing, with the standard's code and a sentence."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


def require_seal(books: Books, headers: Mapping[str, str], body: bytes, *, at: datetime) -> None:
    """Raise ``Unsealed`` unless the request is whole, and of whom we know."""
    missing = NEEDED - set(headers)
    if missing:
        raise Unsealed("SIGNATURE_MISSING", f"{min(missing)} is missing.")
    digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
    if headers["digest"] != f"SHA-256={digest}":
        raise Unsealed("SIGNATURE_INVALID", "The digest is not that of the body.")
    certificate = _certificate(headers["tpp-signature-certificate"])
    _require_signature(headers, certificate)
    _require_trust(books, certificate, at=at)


def _certificate(written: str) -> x509.Certificate:
    try:
        return x509.load_der_x509_certificate(base64.b64decode(written, validate=True))
    except (ValueError, binascii.Error) as error:
        raise Unsealed("CERTIFICATE_INVALID", "This is no certificate.") from error


def _require_signature(headers: Mapping[str, str], certificate: x509.Certificate) -> None:
    parts = dict(PART.findall(headers["signature"]))
    covered = parts.get("headers", "").split()
    key = certificate.public_key()
    if parts.get("algorithm") != "rsa-sha256" or not isinstance(key, RSAPublicKey):
        raise Unsealed("SIGNATURE_INVALID", "Only rsa-sha256 is known here.")
    if not (MUST_BE_SIGNED & set(headers)) <= set(covered) <= set(headers):
        raise Unsealed("SIGNATURE_INVALID", "The signature does not cover what it must.")
    issuer = certificate.issuer.rfc4514_string()
    if parts.get("keyId") != f"SN={certificate.serial_number:X},CA={issuer}":
        raise Unsealed("CERTIFICATE_INVALID", "The key named is not that of the certificate.")
    told = "\n".join(f"{name}: {headers[name]}" for name in covered)
    try:
        signature = base64.b64decode(parts.get("signature", ""), validate=True)
        key.verify(signature, told.encode(), padding.PKCS1v15(), hashes.SHA256())
    except (InvalidSignature, binascii.Error, ValueError) as error:
        raise Unsealed("SIGNATURE_INVALID", "The signature is wrong.") from error


def _require_trust(books: Books, certificate: x509.Certificate, *, at: datetime) -> None:
    if not certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc:
        raise Unsealed("CERTIFICATE_EXPIRED", "The certificate is not valid now.")
    known = books.rows("SELECT certificate FROM tpp")
    content = certificate.public_bytes(serialization.Encoding.DER)
    if not known:
        serial = f"{certificate.serial_number:X}"
        books.change("INSERT INTO tpp VALUES (?, ?)", serial, content)
    elif content not in {bytes(row["certificate"]) for row in known}:
        raise Unsealed("CERTIFICATE_INVALID", "This bank does not know whose certificate it is.")
