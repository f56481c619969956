"""The bank attests: a customer lets it say whether they are of age or study, and nothing else.

It answers as an OpenID provider would (OpenID Connect Core 1.0, section 3.2): with a JWT that it
signs, tied to whoever asked by the ``nonce``. Its customers are invented, so they choose themselves
what holds of them.
"""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from html import escape
from pathlib import Path
from urllib.parse import parse_qs, urlencode

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

from demo.bank import site

CLAIMS = {
    "age_over_18": {"nl": "18 jaar of ouder", "en": "18 or older"},
    "student": {"nl": "student", "en": "student"},
}
ASKED = ("client_id", "redirect_uri", "nonce", "scope")
VALID_FOR = timedelta(days=90)
KEY_NAME = "attest-1"
ISSUER = "https://attest.zandbank.example"
"""Its name as an issuer, wherever it answers today."""
ALGORITHM = "ES256"


class Attester:
    """Who signs, with a key that stays in the bank's folder."""

    def __init__(self, folder: Path) -> None:
        """Read the key, or make it the first time."""
        file = folder / "attester.pem"
        if not file.exists():
            pem = ec.generate_private_key(ec.SECP256R1()).private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
            file.write_bytes(pem)
        self._pem = file.read_bytes()

    def keys(self) -> bytes:
        """Return the public key as a JWK Set."""
        key = serialization.load_pem_private_key(self._pem, password=None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise TypeError
        jwk = ECAlgorithm.to_jwk(key.public_key(), as_dict=True)
        told = {**jwk, "kid": KEY_NAME, "use": "sig", "alg": ALGORITHM}
        return json.dumps({"keys": [told]}).encode()

    def way_back(self, form: bytes, *, at: datetime) -> str | None:
        """Return where the customer goes back to with the answer; None for what is no request."""
        said = _fields(form)
        claim = claim_of(said)
        if claim is None or said.get("decision") not in {"yes", "no"}:
            return None
        token = jwt.encode(
            {
                "iss": ISSUER,
                "aud": said["client_id"],
                "nonce": said["nonce"],
                "iat": at,
                "exp": at + VALID_FOR,
                claim: said["decision"] == "yes",
            },
            self._pem,
            algorithm=ALGORITHM,
            headers={"kid": KEY_NAME},
        )
        return f"{said['redirect_uri']}?{urlencode({'id_token': token})}"


def page(query: str, *, english: bool) -> bytes | None:
    """Ask the customer what holds of them; None for what is no request."""
    said = _fields(query.encode())
    claim = claim_of(said)
    if claim is None:
        return None
    language = "en" if english else "nl"
    hidden = "".join(
        f'<input type="hidden" name="{name}" value="{escape(said[name], quote=True)}">'
        for name in ASKED
    )
    words = CLAIMS[claim][language]
    answers = {"yes": "Yes", "no": "No"} if english else {"yes": "Ja", "no": "Nee"}
    buttons = "".join(
        f'<button class="{value}" name="decision" value="{value}">{text}</button>'
        for value, text in answers.items()
    )
    question = f"<p>{escape(words)}?</p>"
    title = "What may we say of you?" if english else "Wat mogen wij over u zeggen?"
    form = f'<form method="post" action="/attest">{hidden}{buttons}</form>'
    return site.page(title, f"{question}{form}", english=english)


def claim_of(said: Mapping[str, str]) -> str | None:
    """Return what is asked for, of a request that is whole and goes back to who asks."""
    if not all(said.get(name) for name in ASKED):
        return None
    if not said["redirect_uri"].startswith(f"{said['client_id']}/"):
        return None
    return next((claim for claim in CLAIMS if claim in said["scope"].split()), None)


def _fields(text: bytes) -> dict[str, str]:
    found = parse_qs(text.decode("utf-8", "replace"))
    return {name: values[0] for name, values in found.items()}
