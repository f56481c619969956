"""Pages go over the line compressed, for browsers that say so, and nothing else does."""

import gzip

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db

TAKES = {"Accept-Encoding": "gzip, deflate, br"}


@pytest.mark.parametrize("address", ["/", "/account/login/", "/nowhere/", "/sw.js"])
def test_a_browser_gets_pages_and_the_worker_compressed(client: Client, address: str) -> None:
    plain = client.get(address)
    packed = client.get(address, headers=TAKES)
    assert packed.status_code == plain.status_code
    assert packed["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed["Vary"]
    assert len(packed.content) < len(plain.content) / 2
    assert gzip.decompress(packed.content)[:40] == plain.content[:40]


def test_who_does_not_say_so_gets_a_page_as_it_is(client: Client) -> None:
    response = client.get("/", headers={"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in response
    assert response.content.lstrip().startswith(b"<!DOCTYPE html>")


def test_answers_for_programs_stay_as_they_are(client: Client) -> None:
    response = client.get("/health/ready", headers=TAKES)
    assert "Content-Encoding" not in response


def test_the_length_of_a_page_differs_each_time(client: Client) -> None:
    """Whoever counts bytes learns nothing from one more or less."""
    lengths = {len(client.get("/account/login/", headers=TAKES).content) for _ in range(8)}
    assert len(lengths) > 1
