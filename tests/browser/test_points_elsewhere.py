"""Points that come from elsewhere and go to others: the pages of both sides, for everybody."""

from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from loyalty.actions.correct_points import correct_points
from loyalty.actions.set_gift_limit import set_gift_limit
from okplatform.kernel import clock
from okplatform.kernel.audit import SYSTEM
from okplatform.parties.actions.create_person import create_person
from okplatform.parties.models import Person
from tests.browser.conftest import LOOKS, PHONE, CheckAccessibility, OpenPage, SignIn
from tests.browser.fitting import fits
from tests.browser.shops import bakery_of, owner_of
from tests.support.world import PASSWORD, World

CONSOLE = "/console/bakkerij-bol/programme/"
GIVE = "/wallet/programmes/bakkerij-bol/give/"
FILE = "Kaart;Mail;Punten;Naam\n12-34;{mail};1250;Iemand\n{card};;40;Iemand\n"


def member(world: World, points: int = 500) -> Person:
    """Return a member of the bakery with points, and of nothing else."""
    bakery = bakery_of(world)
    person = create_person(
        email=f"{uuid4()}@example.com",
        name="Wilhelmina Zeldenrust",
        password=PASSWORD,
        address_proved=True,
        actor=SYSTEM,
    )
    joined = bakery.join(person)
    set_gift_limit(merchant_id=bakery.merchant_id, most_points=100, actor=SYSTEM)
    correct_points(
        merchant_id=bakery.merchant_id,
        member_id=joined.pk,
        points=points,
        reason="De kassa deed het niet",
        asked_by=world.bob.pk,
        actor=SYSTEM,
        now=clock.now(),
    )
    return person


def seen(page: Page, check: CheckAccessibility) -> None:
    """Look at what stands there."""
    expect(page.locator("main")).to_be_visible()
    check(page)
    assert fits(page), page.url


@pytest.mark.parametrize(("language", "size", "scheme"), LOOKS)
def test_everybody_can_use_these_pages_of_the_console(
    base_url: str,
    open_page: OpenPage,
    sign_in: SignIn,
    check_accessibility: CheckAccessibility,
    world: World,
    size: tuple[int, int],
    language: str,
    scheme: str,
) -> None:
    shopper = member(world)
    bakery = bakery_of(world)
    correct_points(
        merchant_id=bakery.merchant_id,
        member_id=bakery.join(shopper).pk,
        points=600,
        reason="Een jaar aan bonnen",
        asked_by=world.bob.pk,
        actor=SYSTEM,
        now=clock.now(),
    )
    page = open_page(size, language=language, scheme=scheme)
    sign_in(page, owner_of(world))
    for path in ("", "corrections/", "margin/", "suppliers/", "connector/", "balances/"):
        page.goto(f"{base_url}{CONSOLE}{path}")
        seen(page, check_accessibility)
    give(page, "Kaart;Punten\n1;5\n1;x\n")
    page.locator("main form button").first.click()
    expect(page.locator("main li")).to_have_count(2)
    seen(page, check_accessibility)
    page.goto(f"{base_url}{CONSOLE}balances/")
    give(page, FILE.format(mail=shopper.email, card=uuid4().hex))
    page.locator("main form button").first.click()
    page.locator("button[name=take]").click()
    expect(page.locator("#coupon-series [data-making]")).to_have_count(0)
    seen(page, check_accessibility)


def give(page: Page, text: str) -> None:
    """Give a file; its page follows."""
    page.locator("input[type=file]").set_input_files(
        {"name": "oud.csv", "mimeType": "text/csv", "buffer": text.encode()}
    )
    page.locator("main form button").first.click()
    expect(page.locator("select[name=card]")).to_be_visible()


@pytest.mark.parametrize(("language", "size", "scheme"), LOOKS)
def test_a_member_gives_points_and_another_takes_them(
    base_url: str,
    open_page: OpenPage,
    sign_in: SignIn,
    check_accessibility: CheckAccessibility,
    world: World,
    size: tuple[int, int],
    language: str,
    scheme: str,
) -> None:
    giver, taker = member(world), member(world, 20)
    mine = open_page(size, language=language, scheme=scheme)
    sign_in(mine, giver)
    mine.goto(f"{base_url}{GIVE}")
    mine.locator("input[name=points]").fill("60")
    mine.locator("main form button").first.click()
    link = mine.locator("input[readonly]").input_value()
    seen(mine, check_accessibility)
    theirs = open_page(PHONE, language=language, scheme=scheme)
    sign_in(theirs, taker)
    theirs.goto(link)
    seen(theirs, check_accessibility)
    theirs.locator("main form button").click()
    expect(theirs.locator("main .huge")).to_have_text("80")
    seen(theirs, check_accessibility)
    mine.goto(f"{base_url}{GIVE.removesuffix('give/')}")
    expect(mine.locator("main .huge")).to_have_text("440")
    seen(mine, check_accessibility)
