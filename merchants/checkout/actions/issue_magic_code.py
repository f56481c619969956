"""Give a till vendor a code of a test person, with what is the matter with it."""

from datetime import datetime, timedelta
from uuid import uuid4

from django.utils.translation import gettext_lazy as _

from merchants.checkout.actions.cancel_sale import cancel_sale
from merchants.checkout.actions.meet_test_person import meet_test_person
from merchants.checkout.call import Call
from merchants.magic import PEOPLE_AT
from okplatform.kernel.errors import Refusal
from okplatform.kernel.modes import Mode
from okplatform.parties.tills import Till
from okplatform.trade.facts import SaleKey
from wallet.actions.issue_test_code import USED, IssuedCode, issue_test_code

A_MOMENT = timedelta(seconds=1)


class NotOfThisSandbox(Refusal):
    """The clock was moved, and this test person is not of this sandbox alone."""

    code = "test_person_of_others"
    sentence = _(
        "With a moved clock only people of your own sandbox have codes: name@sandbox.test."
    )


def issue_magic_code(
    *, till: Till, email: str, situation: str, epoch: int, now: datetime, wall: datetime
) -> IssuedCode:
    """Return a code as ``issue_test_code`` does, shown at ``now``; raises the same.

    Somebody of the sandbox (``PEOPLE_AT``) comes into being by everybody's clock, ``wall``; at a
    time that was moved only those have codes, for other people are other merchants' too: raises
    ``NotOfThisSandbox``. A used code belongs to a test sale that the sandbox gave up.
    """
    if email.strip().lower().endswith(PEOPLE_AT):
        email = meet_test_person(
            email=email, merchant_id=till.merchant_id, epoch=epoch, now=wall, actor=till.actor
        )
    elif now - wall > A_MOMENT:
        raise NotOfThisSandbox
    if situation != USED:
        return issue_test_code(email=email, situation=situation, now=now, actor=till.actor)
    other = Call(till=till, key=SaleKey(till.merchant_id, Mode.TEST.value, uuid4()), now=now)
    cancel_sale(call=other)
    return issue_test_code(
        email=email, situation=situation, used_by=other.sale_ref, now=now, actor=till.actor
    )
