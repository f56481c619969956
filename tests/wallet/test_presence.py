"""The PIN that confirms: chosen by its owner, tried a few times, and never guessed."""

from datetime import datetime

import pytest
from django.test import Client

from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.models import AuditEntry
from okplatform.parties.models import Person
from tests.support.races import AT_ONCE, all_at_once
from tests.support.world import NOW, PASSWORD
from wallet.actions.confirm_presence import (
    PasskeyAnswer,
    PasskeyWrong,
    PinLocked,
    PinNotSet,
    PinWrong,
    confirm_presence,
)
from wallet.actions.set_pin import PinEasy, PinMalformed, set_pin
from wallet.models import PresencePin

PAGE = "/wallet/you/pin/"
PIN = "31415"


def choose(person: Person, pin: str = PIN) -> None:
    set_pin(person_id=person.pk, pin=pin, now=NOW, actor=SYSTEM)


def show(person: Person, pin: str = PIN) -> str:
    by: str = confirm_presence(person_id=person.pk, pin=pin, now=NOW, actor=SYSTEM)
    return by


def test_the_right_pin_shows_that_its_owner_is_there(alice: Person) -> None:
    choose(alice)
    assert show(alice) == "pin"
    said = AuditEntry.objects.get(action="presence_confirmed")
    assert (said.object_type, said.object_id, said.data) == ("person", str(alice.pk), {"by": "pin"})


def test_only_its_hash_is_kept_and_two_people_with_one_pin_have_two(
    alice: Person, bob: Person
) -> None:
    choose(alice)
    choose(bob)
    hashes = set(PresencePin.objects.values_list("secret_hash", flat=True))
    assert len(hashes) == 2
    assert not any(PIN in kept for kept in hashes)
    assert not any(PIN in str(entry.data) for entry in AuditEntry.objects.all())


def test_the_pepper_is_a_part_of_it(alice: Person, settings: object) -> None:
    choose(alice)
    settings.OK_API_KEY_PEPPER = "another"  # type: ignore[attr-defined]
    with pytest.raises(PinWrong):
        show(alice)


@pytest.mark.parametrize("pin", ["", "123", "123456789", "12a4", "12 34", "١٢٣٤", "-123"])
def test_a_pin_is_4_to_8_digits(alice: Person, pin: str) -> None:
    with pytest.raises(PinMalformed):
        choose(alice, pin)
    assert not PresencePin.objects.exists()


@pytest.mark.parametrize("pin", ["1111", "12345", "98765432"])
def test_a_pin_that_anybody_would_try_is_refused(alice: Person, pin: str) -> None:
    with pytest.raises(PinEasy):
        choose(alice, pin)
    assert not PresencePin.objects.exists()


def test_who_has_no_pin_is_told_to_choose_one(alice: Person) -> None:
    with pytest.raises(PinNotSet):
        show(alice)


def test_the_fifth_wrong_try_locks_and_the_right_pin_no_longer_opens(alice: Person) -> None:
    choose(alice)
    lefts = []
    for _ in range(4):
        with pytest.raises(PinWrong) as refused:
            show(alice, "00007")
        lefts.append(refused.value.facts["left"])
    assert lefts == [4, 3, 2, 1]
    for pin in ("00007", PIN):
        with pytest.raises(PinLocked):
            show(alice, pin)
    assert not AuditEntry.objects.filter(action="presence_confirmed").exists()
    assert AuditEntry.objects.filter(action="pin_tried").count() == 5


def test_the_right_pin_forgets_the_wrong_tries(alice: Person) -> None:
    choose(alice)
    for _ in range(3):
        for _ in range(4):
            with pytest.raises(PinWrong):
                show(alice, "00007")
        assert show(alice) == "pin"


def test_a_new_pin_unlocks_and_the_old_one_is_gone(alice: Person) -> None:
    choose(alice)
    PresencePin.objects.update(tries=PresencePin.MOST_TRIES)
    choose(alice, "27182")
    assert show(alice, "27182") == "pin"
    with pytest.raises(PinWrong):
        show(alice)


@pytest.mark.django_db(transaction=True)
@pytest.mark.concurrency
def test_64_guesses_at_once_get_five_tries(alice: Person) -> None:
    choose(alice)

    def guess(number: int) -> str:
        try:
            return show(alice, f"{number:05}")
        except (PinWrong, PinLocked) as refusal:
            return refusal.code

    assert all_at_once(guess) == {"pin_wrong": 4, "pin_locked": AT_ONCE - 4}
    assert AuditEntry.objects.filter(action="pin_tried").count() == 5


@pytest.mark.parametrize("answer", [{}, {"id": 7}, {"id": "x", "rawId": "x", "response": {}}])
def test_what_is_no_passkey_shows_nothing(
    alice: Person, answer: dict[str, object], now: datetime
) -> None:
    proof = PasskeyAnswer(state={"challenge": "x", "user_verification": "required"}, answer=answer)
    with pytest.raises(PasskeyWrong):
        confirm_presence(person_id=alice.pk, passkey=proof, now=now, actor=SYSTEM)


def signed_in(client: Client, person: Person) -> Client:
    """Sign in and show the password once more, as the page asks."""
    client.force_login(person)
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    client.cookies["django_language"] = "en"
    return client


def test_a_stranger_sets_no_pin(client: Client, alice: Person) -> None:
    for answer in (client.get(PAGE), client.post(PAGE, {"pin": PIN, "again": PIN})):
        assert answer.status_code == 302
    assert not PresencePin.objects.exists()


def test_a_session_found_open_sets_no_pin_without_the_password(
    client: Client, alice: Person
) -> None:
    client.force_login(alice)
    assert client.get(PAGE)["Location"].startswith("/account/reauthenticate/")
    answer = client.post(PAGE, {"pin": PIN, "again": PIN})
    assert answer["Location"] == PAGE
    assert not PresencePin.objects.exists()
    assert PIN not in str(dict(client.session))


def test_one_sets_it_on_the_page_and_goes_back_to_where_it_was_needed(
    client: Client, alice: Person
) -> None:
    hers = signed_in(client, alice)
    said = {"pin": PIN, "again": PIN, "next": "/wallet/receipts/"}
    answer = hers.post(PAGE, said)
    assert answer["Location"] == "/wallet/receipts/"
    assert show(alice) == "pin"
    elsewhere = hers.post(PAGE, {**said, "next": "https://evil.example/"})
    assert elsewhere["Location"] == "/wallet/you/"
    assert "Change your PIN" in hers.get(PAGE).content.decode()


@pytest.mark.parametrize(
    ("pin", "again", "sentence"),
    [
        ("1234", "1234", "easy to guess"),
        ("12", "12", "4 to 8 digits"),
        (PIN, "31416", "The two PINs differ"),
        ("", "", "This field is required."),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(
    client: Client, alice: Person, pin: str, again: str, sentence: str
) -> None:
    answer = signed_in(client, alice).post(PAGE, {"pin": pin, "again": again})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not PresencePin.objects.exists()


def test_a_locked_pin_is_replaced_on_that_page(client: Client, alice: Person) -> None:
    choose(alice)
    PresencePin.objects.update(tries=PresencePin.MOST_TRIES)
    hers = signed_in(client, alice)
    assert "Choose a new PIN" in hers.get(PAGE).content.decode()
    hers.post(PAGE, {"pin": "27182", "again": "27182"})
    assert show(alice, "27182") == "pin"
