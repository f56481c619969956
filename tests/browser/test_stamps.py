"""A stamp card on the phone: drawn, with what it still takes, for everybody to read."""

from dataclasses import replace

import pytest
from playwright.sync_api import expect

from loyalty.actions.join_programme import join_programme
from loyalty.actions.publish_programme import publish_programme
from loyalty.actions.put_offer import OfferTerms, put_offer
from loyalty.engine import Texts
from loyalty.models import OfferKind, Target
from okplatform.kernel import clock
from okplatform.kernel.audit import SYSTEM
from okplatform.trade.actions.put_product import put_product
from okplatform.trade.facts import ProductFacts
from tests.browser.conftest import LOOKS, CheckAccessibility, OpenPage, SignIn
from tests.browser.fitting import fits
from tests.browser.test_lots import counter, somebody
from tests.loyalty.bakery import PROMISE
from tests.support.counter import COFFEE, Counter, with_bank_account

__all__ = ["counter"]

WORDS = {"nl": "Nog 2 en de volgende is gratis.", "en": "2 more and the next one is free."}
CARD = OfferTerms(
    name=Texts(nl="Tiende koffie gratis", en="Tenth coffee free"),
    kind=OfferKind.STAMPS,
    percentage_bp=10_000,
    pieces=10,
    lapse_days=90,
    target=Target.PRODUCTS,
    target_references=("koffie",),
)


@pytest.mark.parametrize(("language", "size", "scheme"), LOOKS)
def test_a_card_is_drawn_with_its_stamps(
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
    goods = ProductFacts(sku="koffie", name="Koffie", price=260, vat_rate_bp=900)
    put_product(merchant_id=shop.pk, product=goods, actor=SYSTEM)
    programme = publish_programme(merchant_id=shop.pk, promise=PROMISE, actor=SYSTEM, now=now)
    for card in (CARD, replace(CARD, pieces=30, name=Texts(nl="Dertigste", en="Thirtieth"))):
        put_offer(merchant_id=shop.pk, terms=card, actor=SYSTEM, now=now)
    shopper = somebody("Saar Spaarder")
    join_programme(
        programme_id=programme, person_id=shopper.pk, terms_version=1, actor=SYSTEM, now=now
    )
    seven = {**COFFEE, "quantity": 7}
    assert counter.sell(with_bank_account(shopper), seven).json()["verdict"] == "happened"
    phone = open_page(size, language=language, scheme=scheme)
    sign_in(phone, shopper)
    phone.goto(f"{base_url}/wallet/programmes/{shop.reference}/")
    expect(phone.get_by_text(WORDS[language], exact=True)).to_be_visible()
    expect(phone.locator(".stamp-there")).to_have_count(7)
    expect(phone.locator(".stamp")).to_have_count(10)
    check_accessibility(phone)
    assert fits(phone)
