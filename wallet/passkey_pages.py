"""What the pages share that ask for a passkey: the challenge they show, the answer that comes back.

The challenge's state waits in the session under ``subject``, what is being confirmed, so that an
answer says yes to that and to nothing else.
"""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest

from wallet import passkeys
from wallet.actions.confirm_presence import PasskeyAnswer, PasskeyWrong

IN_SESSION = "passkey-challenge:"


def ask_passkey(request: HttpRequest, *, person_id: int, subject: UUID) -> Mapping[str, Any] | None:
    """Return what a passkey may sign to say yes to ``subject``; None if the person has none."""
    challenge = passkeys.challenge(person_id)
    if challenge is None:
        return None
    request.session[f"{IN_SESSION}{subject}"] = dict(challenge.state)
    return challenge.options


def passkey_answer(request: HttpRequest, *, subject: UUID) -> PasskeyAnswer | None:
    """Return the passkey's answer, if there is one; a challenge is good for one answer.

    Raises ``PasskeyWrong`` when it cannot be read, or was not asked for.
    """
    said = request.POST.get("passkey")
    if not said:
        return None
    state = request.session.pop(f"{IN_SESSION}{subject}", None)
    try:
        answer = json.loads(said)
    except ValueError:
        answer = None
    if state is None or not isinstance(answer, dict):
        raise PasskeyWrong
    return PasskeyAnswer(state=state, answer=answer)
