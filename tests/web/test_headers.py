"""What every page says about itself to the browser, and what no template may hold."""

import base64
import hashlib
import re

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db

IMPORT_MAP = re.compile(r'<script type="importmap">(.*?)</script>')


def _policy(client: Client, address: str) -> dict[str, str]:
    header = client.get(address).headers["Content-Security-Policy"]
    directives = (part.strip().partition(" ") for part in header.split(";"))
    return {name: value for name, _, value in directives}


@pytest.mark.parametrize("address", ["/", "/account/login/", "/nowhere/", "/health/live"])
def test_every_answer_carries_the_policy(client: Client, address: str) -> None:
    policy = _policy(client, address)
    assert policy["default-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert policy["object-src"] == "'none'"
    assert policy["base-uri"] == "'none'"
    assert policy["form-action"] == "'self'"
    assert policy["require-trusted-types-for"] == "'script'"


def test_the_policy_allows_nothing_inline_but_this_import_map(client: Client) -> None:
    response = client.get("/")
    found = IMPORT_MAP.search(response.content.decode())
    assert found
    digest = base64.b64encode(hashlib.sha256(found[1].encode()).digest()).decode()
    assert _policy(client, "/")["script-src"] == f"'self' 'sha256-{digest}'"


def test_the_policy_has_no_word_that_would_undo_it(client: Client) -> None:
    header = client.get("/").headers["Content-Security-Policy"]
    for word in ("unsafe-inline", "unsafe-eval", "http:", "https:", "*", "report-uri"):
        assert word not in header


def test_the_page_holds_no_script_or_style_of_its_own(client: Client) -> None:
    page = client.get("/account/login/").content.decode()
    without_map = IMPORT_MAP.sub("", page)
    scripts = re.findall(r"<script(?![^>]*(?:src=|application/json))", without_map)
    assert scripts == []
    assert not re.search(r"<style|\sstyle=|\son\w+=", without_map)


def test_modules_import_by_name_and_never_by_place() -> None:
    from django.conf import settings

    for module in (settings.BASE_DIR / "static" / "js").glob("*.js"):
        for place in re.findall(r"""from\s+["']([^"']+)["']""", module.read_text()):
            assert not place.startswith((".", "/")), f"{module.name} imports {place}"
            # htmx works under our policy only as ok/htmx sets it up.
            assert place != "htmx" or module.name == "htmx.js", f"{module.name} imports htmx"
