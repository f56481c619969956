"""A person's passkeys (WebAuthn), asked to sign a challenge of ours.

They are allauth's: added and removed under "Sign-in and safety". Here one is asked for again, and
must verify its owner by finger, face or PIN: touching the key is not enough to pay.
It goes through allauth's own module, so that one verifier serves signing in and paying.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth as webauthn
from django.conf import settings


@dataclass(frozen=True, slots=True)
class Challenge:
    """What the browser is asked to sign, and what to compare its answer with.

    ``options`` are ``PublicKeyCredentialRequestOptionsJSON``; ``state`` stays on our side, and is
    good for one answer.
    """

    options: Mapping[str, Any]
    state: Mapping[str, Any]


def challenge(person_id: int) -> Challenge | None:
    """Return a new challenge for a person's passkeys; None if there are none."""
    credentials = _credentials(person_id)
    if not credentials:
        return None
    asked, state = _server().authenticate_begin(
        credentials, user_verification=webauthn.UserVerificationRequirement.REQUIRED
    )
    return Challenge(options=dict(asked)["publicKey"], state=state)


def signs(*, person_id: int, state: Mapping[str, Any], answer: Mapping[str, Any]) -> bool:
    """Say whether ``answer`` is the challenge signed by one of this person's passkeys."""
    credentials = _credentials(person_id)
    try:
        response = webauthn.AuthenticationResponse.from_dict(answer)
        _server().authenticate_complete(state, credentials, response)
    except (KeyError, TypeError, ValueError):
        # The answer came from outside: whatever it is that does not fit, it is no signature.
        return False
    return True


def _credentials(person_id: int) -> list[webauthn.AttestedCredentialData]:
    kept = Authenticator.objects.filter(user_id=person_id, type=Authenticator.Type.WEBAUTHN)
    found = (one.wrap().authenticator_data.credential_data for one in kept)
    return [credential for credential in found if credential is not None]


def _server() -> webauthn.Fido2Server:
    host = urlsplit(settings.BASE_URL).hostname or ""
    return webauthn.Fido2Server(webauthn.PublicKeyCredentialRpEntity(id=host, name="OK"))
