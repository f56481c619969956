"""Tiers and bonuses on both sides: the shop's forms, and the phone of who stands in one."""

from dataclasses import replace

import pytest
from playwright.sync_api import expect

from loyalty.actions.join_programme import join_programme
from loyalty.actions.place_members import review_tiers
from loyalty.actions.publish_bonuses import publish_bonuses
from loyalty.actions.publish_programme import publish_programme
from loyalty.actions.publish_tiers import publish_tiers
from loyalty.bonuses import Bonuses
from loyalty.models import TierBasis, TierPeriod
from loyalty.tiers import Ladder
from okplatform.kernel import clock
from okplatform.kernel.audit import SYSTEM
from okplatform.parties.actions.grant_membership import grant_membership
from okplatform.parties.models import Role
from tests.browser.conftest import LOOKS, CheckAccessibility, OpenPage, SignIn
from tests.browser.fitting import fits
from tests.browser.test_lots import counter, somebody
from tests.loyalty.bakery import PROMISE
from tests.loyalty.test_tiers import GOLD, SILVER
from tests.support.counter import Counter, with_bank_account

__all__ = ["counter"]

WORDS = {"nl": ("uw niveau", "Toon mijn link"), "en": ("your tier", "Show my link")}


@pytest.mark.parametrize(("language", "size", "scheme"), LOOKS)
def test_both_sides_read_them(
    base_url: str,
    open_page: OpenPage,
    sign_in: SignIn,
    check_accessibility: CheckAccessibility,
    counter: Counter,
    size: tuple[int, int],
    language: str,
    scheme: str,
) -> None:
    shop, now = counter.place.merchant, clock.now()
    programme = publish_programme(
        merchant_id=shop.pk, promise=replace(PROMISE, name="Kroes"), actor=SYSTEM, now=now
    )
    ladder = Ladder((SILVER, GOLD), TierPeriod.YEAR, TierBasis.POINTS, 14)
    publish_tiers(merchant_id=shop.pk, ladder=ladder, actor=SYSTEM, now=now)
    bonuses = Bonuses(first=20, referral=30, min_paid=500)
    publish_bonuses(merchant_id=shop.pk, bonuses=bonuses, actor=SYSTEM, now=now)
    shopper, owner = somebody("Saar Spaarder"), somebody("Kees Kroes")
    grant_membership(person_id=owner.pk, merchant_id=shop.pk, role=Role.OWNER, actor=SYSTEM)
    join_programme(
        programme_id=programme, person_id=shopper.pk, terms_version=1, actor=SYSTEM, now=now
    )
    assert counter.sell(with_bank_account(shopper)).json()["verdict"] == "happened"
    review_tiers(now=clock.now())
    tier, link = WORDS[language]
    phone = open_page(size, language=language, scheme=scheme)
    sign_in(phone, shopper)
    phone.goto(f"{base_url}/wallet/programmes/{shop.reference}/")
    expect(phone.get_by_text(tier)).to_be_visible()
    phone.get_by_role("button", name=link).click()
    expect(phone.locator(".hand-on-link")).to_contain_text("from=")
    check_accessibility(phone)
    assert fits(phone)
    desk = open_page(size, language=language, scheme=scheme)
    sign_in(desk, owner)
    for page in ("tiers", "bonuses"):
        desk.goto(f"{base_url}/console/{shop.reference}/programme/{page}/")
        check_accessibility(desk)
        assert fits(desk)
