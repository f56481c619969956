"""A family that spends its points together: asked, answered, and looked at by everybody."""

from uuid import uuid4

import pytest
from playwright.sync_api import expect

from loyalty.actions.correct_points import correct_points
from okplatform.kernel import clock
from okplatform.kernel.audit import SYSTEM
from okplatform.parties.actions.create_person import create_person
from okplatform.parties.models import Person
from tests.browser.conftest import LOOKS, PHONE, CheckAccessibility, OpenPage, SignIn
from tests.browser.shops import bakery_of, owner_of
from tests.browser.test_points_elsewhere import seen
from tests.loyalty.pools import allow
from tests.loyalty.spending import open_spending
from tests.support.world import PASSWORD, World
from tests.wallet.cards import put
from tests.wallet.family import share

CARD = "/wallet/programmes/bakkerij-bol/"
CONSOLE = "/console/bakkerij-bol/programme/corrections/"


def member(world: World, name: str, points: int) -> Person:
    """Return a member of the bakery with so many points."""
    bakery = bakery_of(world)
    person = create_person(
        email=f"{uuid4()}@example.com",
        name=name,
        password=PASSWORD,
        address_proved=True,
        actor=SYSTEM,
    )
    correct_points(
        merchant_id=bakery.merchant_id,
        member_id=bakery.join(person).pk,
        points=points,
        reason="Begin",
        asked_by=world.bob.pk,
        actor=SYSTEM,
        now=clock.now(),
    )
    return person


@pytest.mark.parametrize(("language", "size", "scheme"), LOOKS)
def test_two_who_share_a_card_spend_their_points_together(
    base_url: str,
    open_page: OpenPage,
    sign_in: SignIn,
    check_accessibility: CheckAccessibility,
    world: World,
    size: tuple[int, int],
    language: str,
    scheme: str,
) -> None:
    bakery, now = bakery_of(world), clock.now()
    allow(bakery)
    open_spending(bakery)
    asker = member(world, "Wilhelmina Zeldenrust", 150)
    answerer = member(world, "Hendrik Zeldenrust", 250)
    share(asker, put(asker, now, name="Bonuskaart").uuid, answerer, now)
    mine = open_page(size, language=language, scheme=scheme)
    sign_in(mine, asker)
    mine.goto(f"{base_url}{CARD}")
    mine.locator(f"a[href$='{CARD}family/']").click()
    seen(mine, check_accessibility)
    mine.locator("button[value=ask]").click()
    seen(mine, check_accessibility)
    theirs = open_page(PHONE, language=language, scheme=scheme)
    sign_in(theirs, answerer)
    theirs.goto(f"{base_url}/wallet/")
    theirs.locator(f"a[href$='{CARD}family/']").click()
    seen(theirs, check_accessibility)
    theirs.locator("button[value=yes]").click()
    expect(theirs.locator("main .huge")).to_have_text("400")
    seen(theirs, check_accessibility)
    mine.goto(f"{base_url}{CARD}")
    expect(mine.locator("main .huge")).to_have_text("150")
    seen(mine, check_accessibility)
    mine.goto(f"{base_url}{CARD}family/")
    seen(mine, check_accessibility)
    mine.locator("button[value=leave]").click()
    expect(mine.locator("main .huge")).to_have_count(0)
    seen(mine, check_accessibility)


def test_an_owner_allows_it_with_one_tick(
    base_url: str, open_page: OpenPage, sign_in: SignIn, world: World
) -> None:
    bakery = bakery_of(world)
    allow(bakery, families=False)
    page = open_page(PHONE)
    sign_in(page, owner_of(world))
    page.goto(f"{base_url}{CONSOLE}")
    page.locator("input[name=families]").check()
    page.locator("button[value=gifts]").click()
    expect(page.locator("input[name=families]")).to_be_checked()
