"""`docs/errors.md` and `/llms.txt` say what the code does, and lead to what exists."""

import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import get_resolver

from okplatform.kernel.errors import Refusal
from okplatform.web.error_docs import api_refusals, page
from okplatform.web.pages.api_docs import known_refusals

pytestmark = pytest.mark.django_db

LINK = re.compile(r"\]\((/[^)]*)\)")


def refusals() -> list[type[Refusal]]:
    return api_refusals(get_resolver().url_patterns)


def test_the_page_of_errors_is_what_the_code_can_answer() -> None:
    written = (settings.BASE_DIR / "docs" / "errors.md").read_text()
    assert written == page(refusals()), "make openapi writes it anew"


def test_codes_of_calls_and_of_what_every_call_goes_through_are_on_it() -> None:
    codes = {refusal.code for refusal in refusals()}
    assert {"sale_cancelled", "code_used", "refund_above_sale", "payment_link_unknown"} <= codes
    assert {"key_revoked", "scope_missing", "malformed_json", "idempotency_key_reused"} <= codes
    # What only a page can answer is not.
    assert "scheme_draft_outdated" not in codes
    assert codes < {refusal.code for refusal in known_refusals()}


def test_the_index_for_language_models_names_every_call_and_leads_somewhere(client: Client) -> None:
    answer = client.get("/llms.txt")
    assert answer["Content-Type"] == "text/markdown; charset=utf-8"
    text = answer.content.decode()
    document = client.get("/api/schema/?format=json").json()
    for path, described in document["paths"].items():
        for method in described:
            assert f"`{method.upper()} {path}`" in text
    for address in LINK.findall(text):
        assert client.get(address).status_code == 200, address
