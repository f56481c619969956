"""Certificates in the console, as everybody must be able to read them."""

from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from merchants.certification.actions.keep_certificate import Judged, keep_certificate
from merchants.certification.judging import STEPS
from merchants.certification.scenarios import SCENARIOS
from merchants.models import Certificate
from okplatform.kernel import clock
from okplatform.kernel.audit import SYSTEM
from tests.browser.conftest import LOOKS, CheckAccessibility, OpenPage, SignIn
from tests.browser.fitting import fits
from tests.support.world import World

CALLS = """\
PUT 0f8d7c52-6c0e-4f5b-9a53-0c1f1c9a5b11 revision 1 (answer_lost) -> 200 happened
PUT 77c1d0aa-95f5-4e0c-8d3c-2b9f5f6f1f22 revision 1 -> 409 code_used"""


def kept(world: World, software: str, *failing: tuple[str, str]) -> Certificate:
    now = clock.now()
    return keep_certificate(
        merchant_id=world.kramer.merchant.pk,
        uuid=uuid4(),
        software=software,
        version="7.2.1",
        steps=[
            Judged(
                scenario=scenario.name,
                step=step.__name__,
                is_met=(scenario.name, step.__name__) not in failing,
                calls=CALLS if (scenario.name, step.__name__) in failing else "",
            )
            for scenario in SCENARIOS
            for step in STEPS
        ],
        began_at=now - timedelta(minutes=4),
        now=now,
        actor=SYSTEM,
    )


@pytest.mark.parametrize(("language", "size", "scheme"), LOOKS)
def test_certificates_can_be_read_by_everybody(
    base_url: str,
    open_page: OpenPage,
    sign_in: SignIn,
    check_accessibility: CheckAccessibility,
    world: World,
    language: str,
    size: tuple[int, int],
    scheme: str,
    tmp_path: Path,
) -> None:
    passed = kept(world, "Kassa Plus")
    failed = kept(
        world,
        "Kassa Nova",
        ("answer_lost", "keeps_the_number"),
        ("answer_lost", "takes_money_once"),
        ("paid_then_offline", "gives_what_was_paid"),
    )
    page = open_page(size, language=language, scheme=scheme)
    sign_in(page, world.olga)
    address = f"{base_url}/console/boekhandel-kramer/certificates/"
    for name, path in {
        "list": "",
        "passed": f"{passed.uuid}/",
        "failed": f"{failed.uuid}/",
    }.items():
        page.goto(address + path)
        if name == "failed":
            page.locator("main details summary").first.click()
            expect(page.locator("main details li").first).to_contain_text("answer_lost")
        check_accessibility(page)
        assert fits(page)
        page.screenshot(path=tmp_path / f"{name}-{language}-{size[0]}-{scheme}.png", full_page=True)
