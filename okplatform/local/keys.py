"""The secrets of one machine: made once, kept in a file only its owner can read."""

import json
import os
import secrets
from collections.abc import Callable
from functools import partial
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

SECRETS = (
    "DJANGO_SECRET_KEY",
    "OK_API_KEY_PEPPER",
    "OK_CODE_PRIVATE_KEY",
    "OK_CONSENT_PRIVATE_KEY",
    "OK_PUSH_PRIVATE_KEY",
)


def new_keys() -> dict[str, str]:
    """Return fresh values of every secret that OK takes from its environment."""
    values = (secrets.token_urlsafe(64), secrets.token_urlsafe(48), _p256(), _p256(), _p256())
    return dict(zip(SECRETS, values, strict=True))


def kept_keys(file: Path) -> dict[str, str]:
    """Return the secrets kept in `file`, making them at the first call.

    A secret that OK did not have when the file was made stands in a file of its own beside it.
    """
    kept = keep_once(file, new_keys)
    for name in SECRETS:
        if name not in kept:
            later = keep_once(file.with_name(f"{name.lower()}.json"), partial(_only, name))
            kept[name] = later[name]
    return kept


def _only(name: str) -> dict[str, str]:
    return {name: new_keys()[name]}


def _p256() -> str:
    key = ec.generate_private_key(ec.SECP256R1())
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return pem.decode()


def keep_once(file: Path, make: Callable[[], dict[str, str]]) -> dict[str, str]:
    """Return the values kept in `file`, making them at the first call.

    Two first calls at once agree: the file appears whole, and the one that comes second reads it.
    """
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        draft = file.with_name(f"{file.name}.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(make(), indent=2))
        try:
            os.link(draft, file)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    kept: dict[str, str] = json.loads(file.read_text())
    return kept
