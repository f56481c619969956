"""Where allauth's second factors meet our ways: app codes (TOTP), recovery codes, passkeys.

The secret of an app and the seed of recovery codes are locked before they are kept, so that a
stolen dump signs nobody in. A code of an app works once (RFC 6238, 5.2), also when clocks differ.
"""

import re
import secrets
from base64 import b32encode
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar
from urllib.parse import urlsplit

import qrcode
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from cryptography.fernet import InvalidToken
from django import forms
from django.conf import settings
from django.core.cache import cache
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from qrcode.image.svg import SvgPathImage
from typing_extensions import override

from okplatform.kernel.secrets import fernet
from okplatform.parties.models import Person
from okplatform.web.browsers import browser_name

PURPOSE = b"ok: secrets of second factors"
LOCKED = "locked:"
"""Stands before what is locked; anything else was kept before it was."""


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # untyped
    """Locks secrets, draws the QR code as a part of the page, and speaks our language."""

    error_messages: ClassVar[dict[str, str | Promise]] = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy(
            "That did not work. Try again, or show in another way that it is you."
        ),
    }

    @override
    def encrypt(self, text: str) -> str:
        """Return a secret as it may be kept."""
        return LOCKED + fernet(PURPOSE).encrypt(text.encode()).decode()

    @override
    def decrypt(self, encrypted_text: str) -> str:
        """Return a kept secret; for one that another pepper locked, one that nobody knows."""
        if not encrypted_text.startswith(LOCKED):
            return encrypted_text
        try:
            return fernet(PURPOSE).decrypt(encrypted_text.removeprefix(LOCKED)).decode()
        except InvalidToken:
            # Not an empty one: from that anybody could compute codes.
            return b32encode(secrets.token_bytes(20)).decode()

    @override
    def build_totp_svg(self, url: str) -> str:
        """Return the QR code as an element: the CSP lets no ``data:`` image in."""
        drawn: str = qrcode.make(url, image_factory=SvgPathImage, border=2).to_string(
            encoding="unicode"
        )
        return drawn

    @override
    def generate_authenticator_name(self, user: Person, type: Authenticator.Type) -> str:
        """Return the name of this browser, which its owner may change."""
        said = context.request.headers.get("User-Agent", "")
        return browser_name(said) or _("My passkey")

    @override
    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Return who asks, as wallet.passkeys does: a passkey serves signing in and paying."""
        return {"id": urlsplit(settings.BASE_URL).hostname or "", "name": "OK"}


class CodeOnceForm(AuthenticateForm):  # type: ignore[misc]  # untyped
    """A code of the app or a recovery code, at sign-in."""

    @override
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = code_field(_("Code from your app, or a recovery code"))

    @override
    def clean_code(self) -> str:
        """Check it, and let a code of the app go by once."""
        code: str = super().clean_code()
        if self.authenticator.type == Authenticator.Type.TOTP:
            use_up(self.user.pk, code)
        return code


class CodeOnceAgainForm(ReauthenticateForm):  # type: ignore[misc]  # untyped
    """The same, where it is asked for once more."""

    __init__ = CodeOnceForm.__init__
    clean_code = CodeOnceForm.clean_code


class ConnectAppForm(ActivateTOTPForm):  # type: ignore[misc]  # untyped
    """The first code of an app, which shows that the app has the secret."""

    @override
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = code_field(_("The 6 digits that the app shows"))

    @override
    def clean_code(self) -> str:
        """Check it; it does not sign in with afterwards."""
        code: str = super().clean_code()
        use_up(self.user.pk, code)
        return code


class NamePasskeyForm(AddWebAuthnForm):  # type: ignore[misc]  # untyped
    """A new passkey and the name its owner knows it by."""

    @override
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = forms.CharField(
            label=_("Name, to know it by"), max_length=80, required=False
        )

    @override
    def clean(self) -> dict[str, Any]:
        """Refuse what a browser would not send."""
        with _readable():
            said: dict[str, Any] = super().clean()
        return said


class _Readable:
    """Refuses what a browser would not send, where allauth takes its form for granted."""

    def clean_credential(self) -> Authenticator:
        """Return the passkey that signed."""
        with _readable():
            return super().clean_credential()  # type: ignore[misc]  # the form's, beside us


class PasskeyForm(_Readable, LoginWebAuthnForm):  # type: ignore[misc]  # untyped
    """A passkey that signs in alone."""


class PasskeyBesidesForm(_Readable, AuthenticateWebAuthnForm):  # type: ignore[misc]  # untyped
    """A passkey after a password."""


class PasskeyAgainForm(_Readable, ReauthenticateWebAuthnForm):  # type: ignore[misc]  # untyped
    """A passkey, where it is asked for once more."""


@contextmanager
def _readable() -> Iterator[None]:
    try:
        yield
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise get_mfa_adapter().validation_error("incorrect_code") from error


def code_field(label: str) -> forms.CharField:
    """Return a field for a code that somebody types over."""
    return forms.CharField(
        label=label,
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "spellcheck": "false"}),
    )


def use_up(person_id: int, code: str) -> None:
    """Take a code of an app; raises ``ValidationError`` where it was taken before.

    It stays taken for as long as it could be right: its own period, and those that we tolerate.
    """
    periods = 2 * settings.MFA_TOTP_TOLERANCE + 1
    digits = re.sub(r"\D", "", code)
    if not cache.add(f"totp-taken:{person_id}:{digits}", True, timeout=periods * 30):  # noqa: FBT003
        raise get_mfa_adapter().validation_error("incorrect_code")
