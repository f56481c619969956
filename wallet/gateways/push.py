"""The door to browsers' push services: one message to one phone (RFC 8030)."""

from datetime import datetime, timedelta

from django.conf import settings

from okplatform.kernel.db import durable
from okplatform.kernel.gateways.post import Answer, post
from wallet.web_push import authorization, encrypted

USER_AGENT = "OK-Push/1"


@durable
def push(
    *,
    endpoint: str,
    p256dh: bytes,
    auth: bytes,
    text: bytes,
    topic: str,
    urgency: str,
    lasts: timedelta,
    now: datetime,
) -> Answer:
    """Send a text and return the service's answer; raises ``post.NotAnsweredError``.

    The service keeps it for ``lasts`` until the phone is there, and of those with one ``topic``
    only the last; ``urgency`` tells it what may wake a phone that saves its battery.
    """
    headers = {
        "Authorization": authorization(endpoint, now=now),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(int(lasts.total_seconds())),
        "Topic": topic,
        "Urgency": urgency,
    }
    answer: Answer = post(
        endpoint,
        headers=headers,
        body=encrypted(text, p256dh=p256dh, auth=auth),
        agent=USER_AGENT,
        loopback=bool(settings.OK_PUSH_LOOPBACK),
    )
    return answer
