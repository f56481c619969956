"""What OK signs for people to keep, and the key by which anybody checks it.

JWS (RFC 7515) with ES256; ``kid`` is the key's thumbprint (RFC 7638). The private key comes from
the environment, so a stolen dump signs nothing.
"""

import base64
import hashlib
import json
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


def sign(payload: Mapping[str, Any], *, kind: str) -> str:
    """Return a payload as a signed JWS in compact form; ``kind`` becomes its ``typ``."""
    headers = {"typ": kind, "kid": public_jwk()["kid"]}
    return jwt.encode(dict(payload), _private_key(), algorithm=ALGORITHM, headers=headers)


@cache
def public_jwk() -> Mapping[str, str]:
    """Return the public key as a JWK (RFC 7517)."""
    point = ECAlgorithm.to_jwk(_private_key().public_key(), as_dict=True)
    required = {name: point[name] for name in ("crv", "kty", "x", "y")}
    canonical = json.dumps(required, separators=(",", ":"), sort_keys=True).encode()
    thumbprint = base64.urlsafe_b64encode(hashlib.sha256(canonical).digest()).rstrip(b"=")
    return {**required, "kid": thumbprint.decode(), "use": "sig", "alg": ALGORITHM}


@cache
def _private_key() -> ec.EllipticCurvePrivateKey:
    pem = settings.OK_CONSENT_PRIVATE_KEY.encode()
    key = serialization.load_pem_private_key(pem, password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        message = "OK_CONSENT_PRIVATE_KEY is not a P-256 private key"
        raise ImproperlyConfigured(message)
    return key
