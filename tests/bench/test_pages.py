"""The bench of pages measures what a shopper opens."""

import pytest

from bench.pages import FIRST_VISIT_KB, LEAST, bench_pages

MEASURED = ("accessibility", "best-practices")
"""What does not depend on how busy the machine is."""


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.django_db(transaction=True)
def test_every_page_of_the_wallet_is_light_and_judged_without_fault() -> None:
    said: list[str] = []
    pages = bench_pages(times=1, say=said.append)["pages"]
    assert set(pages) == {"home", "code", "card", "receipts", "receipt", "consents"}
    assert len(said) == len(pages)
    for page, figures in pages.items():
        assert {name: figures[name] for name in MEASURED} == {n: LEAST[n] for n in MEASURED}, page
        assert 5 < figures["first_visit_kb"] <= FIRST_VISIT_KB, page
