"""Signs requests as NextGenPSD2 asks (Berlin Group, implementation guidelines 1.3.11, chapter 12).

The digest of the body, and over it and other headers a signature by the key of our seal
certificate (QSEAL), in the form of "Signing HTTP Messages" (draft-cavage-http-signatures-10).
"""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

SIGNED = ("digest", "x-request-id", "date", "psu-id", "psu-corporate-id", "tpp-redirect-uri")
"""What the signature covers, of those that a request has; the first two it must have."""


@dataclass(frozen=True, slots=True)
class Seal:
    """Our certificate and its key, with which a bank knows that a request is ours."""

    key: RSAPrivateKey
    certificate: x509.Certificate

    @classmethod
    def read(cls, *, key: str, certificate: str) -> Self:
        """Read both from PEM; raises ``ValueError`` for what is no RSA key or no certificate."""
        read = serialization.load_pem_private_key(key.encode(), password=None)
        if not isinstance(read, RSAPrivateKey):
            message = "The key that signs requests to banks must be an RSA key."
            raise ValueError(message)  # noqa: TRY004 -- it is the value of a setting
        return cls(read, x509.load_pem_x509_certificate(certificate.encode()))

    def headers(self, given: Mapping[str, str], body: bytes) -> dict[str, str]:
        """Return the given headers with the three that prove them."""
        digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
        complete = {**given, "Digest": f"SHA-256={digest}"}
        values = {name.lower(): value for name, value in complete.items()}
        covered = [name for name in SIGNED if name in values]
        told = "\n".join(f"{name}: {values[name]}" for name in covered)
        signature = self.key.sign(told.encode(), padding.PKCS1v15(), hashes.SHA256())
        return {
            **complete,
            "Signature": (
                f'keyId="{self.key_id}",algorithm="rsa-sha256",headers="{" ".join(covered)}",'
                f'signature="{base64.b64encode(signature).decode()}"'
            ),
            "TPP-Signature-Certificate": base64.b64encode(
                self.certificate.public_bytes(serialization.Encoding.DER)
            ).decode(),
        }

    @property
    def key_id(self) -> str:
        """Return the serial number and the issuer, by which a bank finds the certificate."""
        issuer = self.certificate.issuer.rfc4514_string()
        return f"SN={self.certificate.serial_number:X},CA={issuer}"
