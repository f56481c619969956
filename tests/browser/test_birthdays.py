"""A birthday from both sides: the shop's form, and the person who tells the day and allows it."""

from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from loyalty.actions.join_programme import join_programme
from loyalty.actions.publish_bonuses import publish_bonuses
from loyalty.actions.publish_programme import publish_programme
from loyalty.bonuses import Bonuses
from okplatform.kernel import clock
from okplatform.kernel.audit import SYSTEM
from okplatform.parties.actions.grant_membership import grant_membership
from okplatform.parties.models import Person, Role
from tests.browser.conftest import LOOKS, CheckAccessibility, OpenPage, SignIn
from tests.browser.fitting import fits
from tests.browser.test_lots import counter, somebody
from tests.loyalty.bakery import PROMISE
from tests.support.counter import Counter
from wallet.models import Birthday

__all__ = ["counter"]

WORDS = {
    "nl": ("Vertel de dag", "Laat de dag gebruiken", "7 dagen ervoor"),
    "en": ("Tell the day", "Let it be used", "7 days before"),
}


def open_shop(shop: int, owner: Person, shopper: Person) -> None:
    """Give points for a birthday, to one member."""
    now = clock.now()
    programme = publish_programme(
        merchant_id=shop, promise=replace(PROMISE, name="Kroes"), actor=SYSTEM, now=now
    )
    bonuses = Bonuses(birthday=40, min_paid=500)
    publish_bonuses(merchant_id=shop, bonuses=bonuses, actor=SYSTEM, now=now)
    grant_membership(person_id=owner.pk, merchant_id=shop, role=Role.OWNER, actor=SYSTEM)
    join_programme(
        programme_id=programme, person_id=shopper.pk, terms_version=1, actor=SYSTEM, now=now
    )


def tell_the_day(phone: Page) -> None:
    phone.locator("[name=day]").select_option("29")
    phone.locator("[name=month]").select_option("2")
    phone.locator("form:has([value=birthday]) button[type=submit]").click()
    expect(phone.locator("[name=month]")).to_have_value("2")


@pytest.mark.parametrize(("language", "size", "scheme"), LOOKS)
def test_who_tells_the_day_and_allows_it_reads_when(
    base_url: str,
    open_page: OpenPage,
    sign_in: SignIn,
    check_accessibility: CheckAccessibility,
    counter: Counter,
    size: tuple[int, int],
    language: str,
    scheme: str,
) -> None:
    shop = counter.place.merchant
    shopper, owner = somebody("Saar Spaarder"), somebody("Kees Kroes")
    open_shop(shop.pk, owner, shopper)
    tell, allow, when = WORDS[language]
    page = f"{base_url}/wallet/programmes/{shop.reference}/"
    phone = open_page(size, language=language, scheme=scheme)
    sign_in(phone, shopper)
    phone.goto(page)
    check_accessibility(phone)
    assert fits(phone)
    phone.get_by_role("link", name=tell).click()
    tell_the_day(phone)
    check_accessibility(phone)
    assert fits(phone)
    told = Birthday.objects.get(person=shopper)
    assert (told.day, told.month) == (29, 2)
    phone.goto(page)
    phone.get_by_role("link", name=allow).click()
    switch = phone.locator("form:has([value=birthday])").get_by_role("switch")
    switch.click()
    expect(switch).to_be_checked()
    phone.goto(page)
    expect(phone.get_by_text(when)).to_be_visible()
    desk = open_page(size, language=language, scheme=scheme)
    sign_in(desk, owner)
    desk.goto(f"{base_url}/console/{shop.reference}/programme/bonuses/")
    expect(desk.locator("[name=birthday]")).to_have_value("40")
    check_accessibility(desk)
    assert fits(desk)
