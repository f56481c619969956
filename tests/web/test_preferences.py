"""Language and light or dark are kept, and nobody is sent elsewhere by them."""

import pytest
from django.test import Client

from okplatform.parties.models import Person

pytestmark = pytest.mark.django_db


def test_the_page_comes_back_in_the_language_one_chose(client: Client) -> None:
    assert b'<html lang="nl">' in client.get("/").content
    response = client.post("/preferences/language/", {"language": "en", "next": "/?a=1"})
    assert response["Location"] == "/?a=1"
    assert b'<html lang="en">' in client.get("/").content


def test_the_browser_says_which_language_a_stranger_reads(client: Client) -> None:
    page = client.get("/", headers={"Accept-Language": "en-GB,en;q=0.8"}).content
    assert b'<html lang="en">' in page


def test_the_language_is_written_with_the_person(client: Client, alice: Person) -> None:
    client.force_login(alice)
    client.post("/preferences/language/", {"language": "en"})
    alice.refresh_from_db()
    assert alice.language == "en"


def test_a_language_we_do_not_speak_changes_nothing(client: Client) -> None:
    client.post("/preferences/language/", {"language": "tlh"})
    assert b'<html lang="nl">' in client.get("/").content


def test_dark_is_written_in_the_page_itself(client: Client) -> None:
    client.post("/preferences/theme/", {"theme": "dark"})
    assert b'<html lang="nl" data-theme="dark">' in client.get("/").content
    client.post("/preferences/theme/", {"theme": "device"})
    assert b'<html lang="nl">' in client.get("/").content


def test_a_theme_from_a_forged_cookie_never_reaches_the_page(client: Client) -> None:
    client.cookies["ok_theme"] = '"><script>'
    assert b'<html lang="nl">' in client.get("/").content


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", ""])
def test_the_way_back_stays_here(client: Client, elsewhere: str) -> None:
    response = client.post("/preferences/theme/", {"theme": "dark", "next": elsewhere})
    assert response["Location"] == "/"
