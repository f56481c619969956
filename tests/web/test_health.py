"""What machines ask: alive, ready, and the figures for those who may see them."""

from http import HTTPStatus

import pytest
from django.test import Client
from pytest_django import Settings

pytestmark = pytest.mark.django_db

OUTSIDE = "203.0.113.9"


def test_a_ready_site_says_what_it_asked(client: Client) -> None:
    response = client.get("/health/ready")
    assert response.status_code == HTTPStatus.OK
    assert response.json() == {"ready": True, "database": True, "redis": True}


def test_without_redis_the_site_is_alive_but_not_ready(client: Client, settings: Settings) -> None:
    settings.REDIS_URL = "unix:///nowhere/redis.sock"
    response = client.get("/health/ready")
    assert response.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert response.json() == {"ready": False, "database": True, "redis": False}
    assert client.get("/health/live").status_code == HTTPStatus.OK


def test_this_machine_may_read_the_figures(client: Client) -> None:
    client.get("/health/live")
    response = client.get("/metrics")
    assert response.status_code == HTTPStatus.OK
    assert b"ok_http_request_seconds" in response.content


@pytest.mark.parametrize(
    "facts",
    [
        {"REMOTE_ADDR": OUTSIDE},
        # A proxy on this machine: whoever asked it came from elsewhere.
        {"headers": {"X-Forwarded-For": OUTSIDE}},
        {"REMOTE_ADDR": OUTSIDE, "headers": {"Authorization": "Bearer "}},
        {"REMOTE_ADDR": OUTSIDE, "headers": {"Authorization": "Bearer wrong"}},
    ],
)
def test_nobody_else_may(client: Client, facts: dict[str, object]) -> None:
    response = client.get("/metrics", **facts)  # type: ignore[arg-type]
    assert response.status_code == HTTPStatus.FORBIDDEN
    assert response.content == b""


def test_the_token_opens_the_figures_from_elsewhere(client: Client, settings: Settings) -> None:
    settings.METRICS_TOKEN = "a-token-of-ours"
    headers = {"Authorization": "Bearer a-token-of-ours"}
    response = client.get("/metrics", REMOTE_ADDR=OUTSIDE, headers=headers)
    assert response.status_code == HTTPStatus.OK
