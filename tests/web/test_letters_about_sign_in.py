"""Letters about signing in: plain, short, in both languages, and without a link to press."""

from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

FOLDERS = ("account/email", "mfa/email")
KNOWN = {
    "code": "ABCD-EFGH",
    "email": "alice@example.nl",
    "from_email": "alice@example.nl",
    "to_email": "alice@example.com",
    "ip": "192.0.2.7",
    "user_agent": "Firefox, Linux",
    "timestamp": "17 november 2026 15:00",
    "signup_url": "https://ok.example/signup",
    "password_reset_url": "https://ok.example/reset",
}


def _letters() -> list[str]:
    templates = Path(settings.BASE_DIR) / "templates"
    found = [path for folder in FOLDERS for path in (templates / folder).glob("*_message.txt")]
    return sorted(str(path.relative_to(templates)) for path in found)


@pytest.mark.parametrize("letter", _letters())
def test_a_letter_is_short_and_holds_no_link(letter: str) -> None:
    said = {}
    for language in ("nl", "en"):
        with translation.override(language):
            said[language] = render_to_string(letter, KNOWN)
            subject = render_to_string(letter.replace("_message", "_subject"), KNOWN).strip()
        assert "http" not in said[language]
        assert len(said[language]) < 900
        assert subject
        assert "\n" not in subject
    assert said["nl"] != said["en"]


def test_every_letter_that_somebody_gets_about_a_change_is_there() -> None:
    names = {Path(letter).name.removesuffix("_message.txt") for letter in _letters()}
    assert names >= {
        "email_changed",
        "login_code",
        "new_browser",
        "password_changed",
        "recovery_codes_generated",
        "totp_activated",
        "totp_deactivated",
        "webauthn_added",
        "webauthn_removed",
    }
