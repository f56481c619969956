"""What OK signs for people to keep, and the key by which anybody checks it.

JWS (RFC 7515) with ES256; ``kid`` is the key's thumbprint (RFC 7638). The private key comes from
the environment, so a stolen dump signs nothing. Keys that signed before stay published, so that a
proof can be checked for as long as somebody keeps it.
"""

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from jwt.algorithms import ECAlgorithm

ALGORITHM = "ES256"
PUBLIC_KEY = re.compile("-----BEGIN PUBLIC KEY-----.+?-----END PUBLIC KEY-----", re.DOTALL)


def sign(payload: Mapping[str, Any], *, kind: str) -> str:
    """Return a payload as a signed JWS in compact form; ``kind`` becomes its ``typ``."""
    headers = {"typ": kind, "kid": public_jwk()["kid"]}
    return jwt.encode(dict(payload), _private_key(), algorithm=ALGORITHM, headers=headers)


def public_jwk() -> Mapping[str, str]:
    """Return the public key that signs now, as a JWK (RFC 7517)."""
    return _jwk(_private_key().public_key())


def published_jwks() -> list[Mapping[str, str]]:
    """Return the public keys that have ever signed, the one of now first.

    Raises ``ImproperlyConfigured`` where ``OK_CONSENT_OLD_PUBLIC_KEYS`` holds something else.
    """
    older = map(_earlier_key, PUBLIC_KEY.findall(settings.OK_CONSENT_OLD_PUBLIC_KEYS))
    return [public_jwk(), *map(_jwk, older)]


def _jwk(key: ec.EllipticCurvePublicKey) -> Mapping[str, str]:
    point = ECAlgorithm.to_jwk(key, as_dict=True)
    required = {name: point[name] for name in ("crv", "kty", "x", "y")}
    canonical = json.dumps(required, separators=(",", ":"), sort_keys=True).encode()
    thumbprint = base64.urlsafe_b64encode(hashlib.sha256(canonical).digest()).rstrip(b"=")
    return {**required, "kid": thumbprint.decode(), "use": "sig", "alg": ALGORITHM}


def _private_key() -> ec.EllipticCurvePrivateKey:
    return _load(settings.OK_CONSENT_PRIVATE_KEY)


@cache
def _load(pem: str) -> ec.EllipticCurvePrivateKey:
    key = serialization.load_pem_private_key(pem.encode(), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        message = "OK_CONSENT_PRIVATE_KEY is not a P-256 private key"
        raise ImproperlyConfigured(message)
    return key


def _earlier_key(pem: str) -> ec.EllipticCurvePublicKey:
    key = serialization.load_pem_public_key(pem.encode())
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        message = "OK_CONSENT_OLD_PUBLIC_KEYS holds a key that is not P-256"
        raise ImproperlyConfigured(message)
    return key
