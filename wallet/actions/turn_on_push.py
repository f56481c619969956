"""Let a browser show somebody's notifications, for as long as they are signed in there."""

from datetime import datetime
from typing import Any
from uuid import uuid4
from zoneinfo import available_timezones

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from okplatform.kernel import audit
from okplatform.kernel.addresses import may_be_named
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import call, transaction
from okplatform.kernel.errors import Refusal
from okplatform.kernel.tenancy import person_scope
from okplatform.parties.models import BrowserSession
from wallet.keys import MalformedPublicKeyError, public_key
from wallet.models import PushSettings
from wallet.models.push import LONGEST_ENDPOINT, MOST_PHONES

AUTH_BYTES = 16

# A browser is given another address now and then: it comes in the place of the one before. And
# where somebody else was signed in with this browser, nothing of theirs arrives here any more.
REPLACE = """
DELETE FROM wallet_push_subscription
WHERE session_id = %(session)s AND endpoint <> %(endpoint)s
   OR endpoint = %(endpoint)s AND person_id <> %(person)s
      AND p256dh = %(p256dh)s AND auth = %(auth)s
"""
PLACE = """
SELECT min(place) FROM generate_series(1, %(most)s) place WHERE place NOT IN (
    SELECT place FROM wallet_push_subscription
    WHERE person_id = %(person)s AND endpoint <> %(endpoint)s)
"""
# Whoever names an address that is known already must know its secrets too.
SUBSCRIBE = """
INSERT INTO wallet_push_subscription
    (uuid, person_id, session_id, place, endpoint, p256dh, auth, added_at)
VALUES (%(uuid)s, %(person)s, %(session)s, %(place)s, %(endpoint)s, %(p256dh)s, %(auth)s, %(now)s)
ON CONFLICT (endpoint) DO UPDATE SET
    session_id = excluded.session_id, place = excluded.place
WHERE wallet_push_subscription.person_id = excluded.person_id
  AND wallet_push_subscription.p256dh = excluded.p256dh
  AND wallet_push_subscription.auth = excluded.auth
RETURNING id
"""


class PushNotPossible(Refusal):
    """What the browser sent is no address of a push service with its keys."""

    code = "push_not_possible"
    status = 422
    sentence = _("This browser sent nothing that notifications can go to. Try another browser.")


class PushPhonesFull(Refusal):
    """So many phones are enough."""

    code = "push_phones_full"
    sentence = _("You have {most} phones with notifications. Remove one of them first.")


class NotSignedInHere(Refusal):
    """The session is not known yet, or not any more."""

    code = "not_signed_in_here"
    sentence = _("Open this page again and try once more.")


def turn_on_push(
    *,
    person_id: int,
    session_key: str,
    endpoint: str,
    p256dh: bytes,
    auth: bytes,
    timezone: str,
    now: datetime,
    actor: Actor,
) -> None:
    """Keep where this browser takes messages, in the place of what it said before.

    ``timezone`` counts where nothing was chosen yet. Raises ``PushNotPossible``,
    ``PushPhonesFull`` or ``NotSignedInHere``; then nothing is changed.
    """
    _check(endpoint, p256dh, auth)
    with person_scope(person_id), transaction():
        zone = {"timezone": timezone} if timezone in available_timezones() else {}
        PushSettings.objects.get_or_create(person_id=person_id, defaults=zone)
        # One browser at a time, so that the places are counted well.
        PushSettings.objects.select_for_update().get(person_id=person_id)
        mine = BrowserSession.objects.filter(person_id=person_id, session_key=session_key)
        session = mine.values_list("pk", flat=True).first()
        if session is None:
            raise NotSignedInHere
        _keep(
            person_id, session, {"endpoint": endpoint, "p256dh": p256dh, "auth": auth, "now": now}
        )
        audit.record(
            actor=actor, action="push_turned_on", object_type="browser_session", object_id=session
        )


def _keep(person_id: int, session: int, said: dict[str, Any]) -> None:
    asked = {**said, "person": person_id, "session": session, "most": MOST_PHONES}
    call(REPLACE, asked)
    ((place,),) = call(PLACE, asked)
    if place is None:
        raise PushPhonesFull(most=MOST_PHONES)
    if not call(SUBSCRIBE, {**asked, "place": place, "uuid": str(uuid4())}):
        raise PushNotPossible


def _check(endpoint: str, p256dh: bytes, auth: bytes) -> None:
    loopback = bool(settings.OK_PUSH_LOOPBACK)
    named = may_be_named(endpoint, loopback=loopback, any_port=False)
    if not named or len(endpoint) > LONGEST_ENDPOINT or len(auth) != AUTH_BYTES:
        raise PushNotPossible
    try:
        public_key(p256dh)
    except MalformedPublicKeyError as error:
        raise PushNotPossible from error
