"""Production starts on real secrets only, and says in one sentence what is wrong with others."""

import os
import subprocess
import sys

import pytest

from okplatform.local.environment import ROOT
from okplatform.local.keys import new_keys
from okplatform.settings.guard import refuse_defaults

P384_KEY = """-----BEGIN PRIVATE KEY-----
MIG2AgEAMBAGByqGSM49AgEGBSuBBAAiBIGeMIGbAgEBBDCPlH+yrFy5Wm3gGq0K
-----END PRIVATE KEY-----"""


def production(**changes: str) -> dict[str, str]:
    return {
        **new_keys(),
        "DATABASE_URL": "postgres://ok@db/ok",
        "REDIS_URL": "redis://redis/0",
        "EMAIL_URL": "smtp+tls://mail.ok.example:587",
        "ALLOWED_HOSTS": "ok.example",
        "BASE_URL": "https://ok.example",
        "OK_BANK_FOLDER": "/srv/bank",
        "OK_CREDITOR_ID": "NL79ZZZ999999990000",
        "OK_SELLER_NAME": "OK B.V.",
        "OK_SELLER_STREET": "Keizersgracht 1",
        "OK_SELLER_POSTAL_CODE": "1015 CJ",
        "OK_SELLER_CITY": "Amsterdam",
        "OK_SELLER_KVK": "61200904",
        "OK_SELLER_VAT_NUMBER": "NL081230047B01",
        **changes,
    }


def manage(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "okplatform.settings.production"}
        | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_generated_secrets_are_accepted() -> None:
    refuse_defaults(production())


@pytest.mark.parametrize(
    ("name", "value", "fault"),
    [
        ("DATABASE_URL", "", "DATABASE_URL is missing"),
        ("REDIS_URL", "", "REDIS_URL is missing"),
        ("EMAIL_URL", "", "EMAIL_URL is missing"),
        ("ALLOWED_HOSTS", "", "ALLOWED_HOSTS is missing"),
        ("OK_BANK_FOLDER", "", "OK_BANK_FOLDER is missing"),
        ("OK_CREDITOR_ID", "", "OK_CREDITOR_ID is missing"),
        ("OK_SELLER_KVK", "", "OK_SELLER_KVK is missing"),
        ("ALLOWED_HOSTS", "ok.example,*", "ALLOWED_HOSTS allows any host"),
        ("BASE_URL", "http://ok.example", "BASE_URL does not begin with https://"),
        ("DJANGO_SECRET_KEY", "", "DJANGO_SECRET_KEY is missing"),
        ("DJANGO_SECRET_KEY", "short", "DJANGO_SECRET_KEY is too easy to guess"),
        ("DJANGO_SECRET_KEY", "ab" * 40, "DJANGO_SECRET_KEY is too easy to guess"),
        ("DJANGO_SECRET_KEY", "django-insecure-0123456789-abcdefghijklmnop", "an example"),
        ("OK_API_KEY_PEPPER", "please-change-me-please-change-me-please-1234", "an example"),
        ("OK_CODE_PRIVATE_KEY", "", "OK_CODE_PRIVATE_KEY is missing"),
        ("OK_CODE_PRIVATE_KEY", "abc", "OK_CODE_PRIVATE_KEY is not a private key in PEM"),
        ("OK_CODE_PRIVATE_KEY", P384_KEY, "OK_CODE_PRIVATE_KEY is not a"),
        ("OK_CONSENT_PRIVATE_KEY", "", "OK_CONSENT_PRIVATE_KEY is missing"),
        ("OK_PUSH_PRIVATE_KEY", "", "OK_PUSH_PRIVATE_KEY is missing"),
    ],
)
def test_a_default_or_weak_setting_is_refused_by_name(name: str, value: str, fault: str) -> None:
    with pytest.raises(SystemExit, match=fault) as refused:
        refuse_defaults(production(**{name: value}))
    assert "\n" not in str(refused.value)


def test_one_secret_may_not_serve_twice() -> None:
    same = new_keys()["DJANGO_SECRET_KEY"]
    with pytest.raises(SystemExit, match="OK_API_KEY_PEPPER is used for something else too"):
        refuse_defaults(production(DJANGO_SECRET_KEY=same, OK_API_KEY_PEPPER=same))


def test_one_key_may_not_serve_twice() -> None:
    same = new_keys()["OK_CODE_PRIVATE_KEY"]
    with pytest.raises(SystemExit, match="OK_CONSENT_PRIVATE_KEY is used for something else too"):
        refuse_defaults(production(OK_CODE_PRIVATE_KEY=same, OK_CONSENT_PRIVATE_KEY=same))


def test_nothing_starts_on_a_default_secret() -> None:
    done = manage("check", **production(DJANGO_SECRET_KEY="django-insecure-default"))
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr == (
        "OK does not start in production: DJANGO_SECRET_KEY is an example, not a secret "
        "(see docs/settings.md).\n"
    )


def test_the_deployment_check_finds_nothing() -> None:
    done = manage("check", "--deploy", "--fail-level=WARNING", **production())
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout
