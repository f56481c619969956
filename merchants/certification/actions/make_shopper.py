"""Make the test person that the robot shops as: a new one each time, whose limits are untouched."""

from datetime import datetime
from uuid import UUID

from okplatform.kernel.audit import Actor
from okplatform.kernel.modes import Mode
from okplatform.parties.actions.create_person import create_person
from okplatform.parties.models import Person
from payments.actions.add_bank_account import add_bank_account
from payments.actions.sign_mandate import sign_mandate
from payments.actions.vouch_for_account import vouch_for_account
from payments.mandate_texts import CURRENT_VERSION

NAME = "Certification robot"
IBAN = "NL91ABNA0417164300"
"""The Dutch example in SWIFT's registry of IBANs: nobody's."""


def make_shopper(*, uuid: UUID, now: datetime, actor: Actor) -> Person:
    """Return a test person with a bank account that codes pay from; ``uuid`` tells runs apart."""
    person = create_person(
        email=f"okcert-{uuid}@ok.example",
        name=NAME,
        mode=Mode.TEST,
        address_proved=True,
        actor=actor,
    )
    account = add_bank_account(
        person_id=person.pk, mode=Mode.TEST, iban=IBAN, holder=NAME, now=now, actor=actor
    )
    vouch_for_account(bank_account_id=account.pk, now=now, actor=actor)
    sign_mandate(
        person_id=person.pk,
        bank_account_id=account.pk,
        text_version=CURRENT_VERSION,
        now=now,
        actor=actor,
    )
    return person
