"""Who can attest something of a person, and how one reads what they signed.

An issuer is asked as an OpenID provider is (OpenID Connect Core 1.0, section 3.2: ``nonce``,
``redirect_uri``, ``client_id``), and answers with a JWT (RFC 7519) signed by ES256 with a key that
it publishes (RFC 7517). ``nonce`` ties it to the person who asked; ``aud`` is our address. It holds
the claim and nothing else about them: neither a name nor a date of birth is wanted.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any, Protocol
from urllib.parse import urlencode

import jwt
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from okplatform.kernel.db import durable
from okplatform.kernel.errors import Refusal
from wallet.models import Claim

TIMEOUT_SECONDS = 5
ALGORITHMS = ["ES256"]


class CredentialRefused(Refusal):
    """It is not what the issuer signed for this person, or not any more."""

    code = "credential_refused"
    status = 422
    sentence = _("This proof cannot be used. Ask for a new one; nothing was changed.")


class IssuerSilent(Refusal):
    """The issuer does not say by which key it signs."""

    code = "issuer_silent"
    status = 503
    sentence = _("The issuer does not answer now. Try again in a few minutes.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Attested:
    """What an issuer says: whether a claim holds, from when until when."""

    holds: bool
    attested_at: datetime
    expires_at: datetime


class Issuer(Protocol):
    """Somebody who can attest claims."""

    id: str
    name: str

    def address(self, *, claim: Claim, nonce: str, back: str) -> str:
        """Return where the person goes to have it attested; they come back to ``back``."""
        ...

    def read(self, credential: str, *, claim: Claim, nonce: str) -> Attested:
        """Verify what came back; never inside a transaction.

        Raises ``CredentialRefused`` and ``IssuerSilent``.
        """
        ...


class JwtIssuer(Issuer):
    """An issuer that signs JWTs, with its keys at ``keys``."""

    def __init__(self, *, id: str, name: str, authorize: str, keys: str) -> None:  # noqa: A002
        """Remember where it is; nothing is called yet."""
        self.id, self.name, self._authorize = id, name, authorize
        self._keys = jwt.PyJWKClient(keys, timeout=TIMEOUT_SECONDS)

    @override
    def address(self, *, claim: Claim, nonce: str, back: str) -> str:
        """Return its page, with what is asked."""
        asked = {
            "response_type": "id_token",
            "client_id": settings.BASE_URL,
            "scope": f"openid {claim.value}",
            "nonce": nonce,
            "redirect_uri": back,
        }
        return f"{self._authorize}?{urlencode(asked)}"

    @override
    @durable
    def read(self, credential: str, *, claim: Claim, nonce: str) -> Attested:
        """Verify signature, issuer, audience, time and nonce, and that the claim is a yes or no."""
        try:
            key = self._keys.get_signing_key_from_jwt(credential)
        except jwt.PyJWKClientConnectionError as error:
            raise IssuerSilent from error
        except jwt.PyJWTError as error:
            raise CredentialRefused from error
        try:
            said: dict[str, Any] = jwt.decode(
                credential,
                key,
                algorithms=ALGORITHMS,
                issuer=self.id,
                audience=settings.BASE_URL,
                options={"require": ["iss", "aud", "exp", "iat", "nonce"]},
            )
        except jwt.PyJWTError as error:
            raise CredentialRefused from error
        holds = said.get(claim.value)
        if said["nonce"] != nonce or not isinstance(holds, bool):
            raise CredentialRefused
        return Attested(
            holds=holds,
            attested_at=datetime.fromtimestamp(said["iat"], UTC),
            expires_at=datetime.fromtimestamp(said["exp"], UTC),
        )


# One object per issuer and process: it remembers the keys that it was told.
_issuer_at = cache(JwtIssuer)


def issuers() -> tuple[JwtIssuer, ...]:
    """Return the issuers that OK trusts (``OK_ATTESTATION_ISSUERS``)."""
    return tuple(_issuer_at(**one) for one in settings.OK_ATTESTATION_ISSUERS)


def issuer(issuer_id: str) -> JwtIssuer | None:
    """Return one of them, or None where it is not trusted (any more)."""
    return next((one for one in issuers() if one.id == issuer_id), None)
