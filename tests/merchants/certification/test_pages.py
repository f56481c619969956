"""The console's pages about certificates: who sees them, and what they explain."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.db import IntegrityError, connection
from django.test import Client

from merchants.certification.actions.keep_certificate import Judged, keep_certificate
from merchants.certification.invariants import certificates_say_what_was_found
from merchants.certification.judging import STEPS
from merchants.certification.scenarios import SCENARIOS
from merchants.certification.words import SCENARIOS as TITLES
from merchants.certification.words import STEPS as WORDS
from merchants.models import Certificate
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.models import AuditEntry
from okplatform.parties.actions.grant_membership import grant_membership
from okplatform.parties.models import Merchant, Person, Role
from tests.support.world import NOW, World

pytestmark = pytest.mark.django_db

LIST = "/console/bakkerij-bol/certificates/"
HELD = Judged(scenario="good_line", step="takes_money_once", is_met=True)
FAILED = Judged(
    scenario="answer_lost",
    step="keeps_the_number",
    is_met=False,
    calls="PUT 3f2a revision 1 (answer_lost) -> 200 happened\nPUT 77c1 revision 1 -> 409",
)


def kept(merchant: Merchant, *steps: Judged, software: str = "Kassa Nova") -> Certificate:
    return keep_certificate(
        merchant_id=merchant.pk,
        uuid=uuid4(),
        software=software,
        version="7.2",
        steps=steps,
        began_at=NOW,
        now=NOW + timedelta(minutes=4),
        actor=SYSTEM,
    )


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def owner(world: World) -> Client:
    grant_membership(
        person_id=world.olga.pk, merchant_id=world.bol.merchant.pk, role=Role.OWNER, actor=SYSTEM
    )
    return signed_in(world.olga)


def page(client: Client, address: str = LIST) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def address_of(certificate: Certificate) -> str:
    return f"{LIST}{certificate.uuid}/"


def test_without_certificates_the_page_says_what_they_are(owner: Client) -> None:
    assert "Nog geen certificaten" in page(owner)


def test_the_list_says_who_passed_and_why_another_did_not(owner: Client, world: World) -> None:
    kept(world.bol.merchant, HELD, FAILED)
    kept(world.bol.merchant, HELD, software="Kassa Plus")
    kept(world.kaashuis.merchant, HELD, software="Van de buren")
    shown = page(owner)
    assert shown.index("Kassa Plus 7.2") < shown.index("Kassa Nova 7.2")
    assert "Eén verkoop houdt één nummer" in shown
    assert shown.count("niet gecertificeerd") == 1
    assert "Van de buren" not in shown


def test_a_failure_is_explained_with_what_to_do_and_what_was_sent(
    owner: Client, world: World
) -> None:
    shown = page(owner, address_of(kept(world.bol.merchant, HELD, FAILED)))
    assert "OK neemt de betaling aan, en het antwoord raakt kwijt" in shown
    assert "onder een nieuw nummer" in shown
    assert "Maak het nummer één keer per verkoop" in shown
    assert "PUT 77c1 revision 1" in shown
    assert "één stap klopte" in shown


def test_a_certificate_says_that_it_is_one(owner: Client, world: World) -> None:
    shown = page(owner, address_of(kept(world.bol.merchant, HELD)))
    assert "niets werd twee keer betaald" in shown
    assert "niet gecertificeerd" not in shown


def test_a_step_that_we_no_longer_know_still_shows(owner: Client, world: World) -> None:
    strange = Judged(scenario="flooded", step="swims", is_met=False)
    shown = page(owner, address_of(kept(world.bol.merchant, strange)))
    assert "flooded" in shown
    assert "swims" in shown


def test_who_may(owner: Client, world: World, alice: Person) -> None:
    detail = address_of(kept(world.bol.merchant, HELD))
    for person, status in {world.olga: 200, world.sam: 403, world.charlie: 404, alice: 404}.items():
        for address in (LIST, detail):
            assert signed_in(person).get(address).status_code == status
    assert Client().get(detail).status_code == 302


def test_a_neighbours_certificate_is_not_there(owner: Client, world: World) -> None:
    neighbours = kept(world.kaashuis.merchant, HELD)
    assert owner.get(address_of(neighbours)).status_code == 404
    assert owner.get(f"{LIST}{UUID(int=0)}/").status_code == 404


def test_a_long_list_has_pages(owner: Client, world: World) -> None:
    for number in range(51):
        kept(world.bol.merchant, HELD, software=f"Kassa {number:03}")
    first = page(owner)
    assert "Kassa 050" in first
    assert "Kassa 000" not in first
    following = first.split('href="?before=')[1].split('"')[0]
    assert "Kassa 000" in page(owner, f"{LIST}?before={following}")
    assert "Kassa 050" in page(owner, f"{LIST}?before=nonsense")


def test_who_was_certified_stands_in_the_audit(world: World) -> None:
    kept(world.bol.merchant, HELD)
    kept(world.bol.merchant, FAILED)
    actions = AuditEntry.objects.filter(object_type="certificate").order_by("pk")
    assert [entry.action for entry in actions] == ["till_certified", "till_not_certified"]


def test_nobody_passes_who_was_not_tried(world: World) -> None:
    assert not kept(world.bol.merchant).is_passed
    assert certificates_say_what_was_found().breaches == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE merchants_certificate SET is_passed = true",
        "DELETE FROM merchants_certificate_step",
        "UPDATE merchants_certificate_step SET is_met = true, calls = ''",
    ],
)
def test_postgresql_refuses_to_change_what_was_found(statement: str, world: World) -> None:
    kept(world.bol.merchant, FAILED)
    connection.check_constraints()
    with connection.cursor() as cursor, pytest.raises(IntegrityError, match="never changed"):
        cursor.execute(statement)


def test_a_certificate_that_says_more_than_was_found_is_found(world: World) -> None:
    kept(world.bol.merchant, HELD, FAILED)
    assert certificates_say_what_was_found().breaches == []
    connection.check_constraints()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE merchants_certificate DISABLE TRIGGER USER")
        cursor.execute("UPDATE merchants_certificate SET is_passed = true")
    assert len(certificates_say_what_was_found().breaches) == 1


def test_every_scenario_and_every_step_has_its_words() -> None:
    assert list(TITLES) == [scenario.name for scenario in SCENARIOS]
    assert list(WORDS) == [step.__name__ for step in STEPS]


def test_the_document_for_vendors_names_every_scenario_and_step() -> None:
    told = (settings.BASE_DIR / "docs" / "certification.md").read_text()
    for scenario in SCENARIOS:
        assert f"| `{scenario.name}` |" in told
    for step in STEPS:
        assert f"| `{step.__name__}` |" in told
