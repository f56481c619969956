"""Let somebody of a merchant's sandbox come into being when a till first names them."""

import re
from datetime import datetime

from django.utils.translation import gettext_lazy as _
from schwifty import IBAN

from loyalty.actions.join_programme import join_programme
from loyalty.models import Programme
from merchants.magic import PEOPLE_AT
from okplatform.kernel.audit import Actor
from okplatform.kernel.errors import Refusal
from okplatform.kernel.modes import Mode
from okplatform.kernel.tenancy import merchant_scope
from okplatform.parties.actions.create_person import EmailTaken, create_person
from okplatform.parties.models import Person
from payments.actions.add_bank_account import BankAccountTaken, add_bank_account
from payments.actions.sign_mandate import MandateSignedAlready, sign_mandate
from payments.actions.vouch_for_account import vouch_for_account
from payments.mandate_texts import CURRENT_VERSION
from payments.models import BankAccount

MOST_PEOPLE = 50
"""In one epoch: they are rows that stay."""

MEMBERS = "member"

NAME = re.compile(r"[a-z0-9]{1,32}")


class TestPersonNameless(Refusal):
    """What stands before the @ is no name here."""

    code = "test_person_nameless"
    status = 422
    sentence = _("Name somebody of the sandbox by up to 32 small letters and digits.")


class TestPeopleFull(Refusal):
    """The sandbox has had as many people as it may; the next epoch begins with none."""

    code = "test_people_full"
    sentence = _("The sandbox has 50 people already. Take one of them, or reset the sandbox.")


def meet_test_person(
    *, email: str, merchant_id: int, epoch: int, now: datetime, actor: Actor
) -> str:
    """Return the address under which OK keeps somebody of this merchant's sandbox.

    Whoever is first named has a bank account that is proved and signed for, and no past; whose name
    begins with ``MEMBERS`` has joined the merchant's programme, if there is one. In the next
    epoch the same name is somebody else. Said again, or by two at once, it is one person.
    Raises ``TestPersonNameless``, ``TestPeopleFull``, or ``EmailTaken``
    where a live person has that address.
    """
    name = email.strip().lower().removesuffix(PEOPLE_AT)
    if not NAME.fullmatch(name):
        raise TestPersonNameless
    here = f".{merchant_id}.{epoch}{PEOPLE_AT}"
    address = name + here
    found = Person.objects.filter(email=address, mode=Mode.TEST).first()
    if found is None:
        if Person.objects.filter(email__endswith=here).count() >= MOST_PEOPLE:
            raise TestPeopleFull
        found = _person(name.capitalize(), address, actor)
    _let_pay(found, now=now, actor=actor)
    if name.startswith(MEMBERS):
        _let_join(found, merchant_id=merchant_id, now=now, actor=actor)
    return address


def _person(name: str, address: str, actor: Actor) -> Person:
    try:
        return create_person(email=address, name=name, mode=Mode.TEST, actor=actor)
    except EmailTaken:
        # By another call of this moment; or by somebody who is no test person, and is left alone.
        found = Person.objects.filter(email=address, mode=Mode.TEST).first()
        if found is None:
            raise
        return found


def _let_pay(person: Person, *, now: datetime, actor: Actor) -> None:
    """Give a bank account, one step after the other: whoever died in between is caught up with."""
    iban = str(IBAN.generate("NL", bank_code="INGB", account_code=f"{person.pk:010d}"))
    try:
        account = add_bank_account(
            person_id=person.pk,
            mode=Mode.TEST,
            iban=iban,
            holder=person.name,
            now=now,
            actor=actor,
        )
    except BankAccountTaken:
        account = BankAccount.objects.get(person_id=person.pk, iban=iban)
    vouch_for_account(bank_account_id=account.pk, now=now, actor=actor)
    try:
        sign_mandate(
            person_id=person.pk,
            bank_account_id=account.pk,
            text_version=CURRENT_VERSION,
            now=now,
            actor=actor,
        )
    except MandateSignedAlready:
        return


def _let_join(person: Person, *, merchant_id: int, now: datetime, actor: Actor) -> None:
    with merchant_scope(merchant_id):
        programme = Programme.objects.first()
    if programme is not None:
        join_programme(
            programme_id=programme.pk,
            person_id=person.pk,
            terms_version=programme.terms_version,
            actor=actor,
            now=now,
        )
