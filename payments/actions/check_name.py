"""Ask a bank whether a name is that on an account, and do not let a "no" pass in silence."""

from django.utils.translation import gettext_lazy as _

from okplatform.kernel.errors import Refusal
from payments.gateways.payee_names import PayeeNames
from payments.models import NameCheck


class NameNotOnAccount(Refusal):
    """The account's bank says that it is somebody else's."""

    code = "name_not_on_account"
    status = 422
    sentence = _(
        "The bank says that this account is in another name."
        " Check the number and the name, or say that they are right."
    )


class NameNearlyRight(Refusal):
    """The account's bank knows the holder by nearly this name: ``name``."""

    code = "name_nearly_right"
    status = 422
    sentence = _(
        "The bank knows this account as {name}."
        " Write the name like that, or say that yours is right."
    )


def check_name(*, iban: str, name: str, is_accepted: bool, names: PayeeNames) -> NameCheck:
    """Return what the bank says, to be kept with the account.

    Raises ``NameNotOnAccount`` or ``NameNearlyRight`` unless whoever fills it in has said, having
    read that, that the name is right (``is_accepted``). Never inside a transaction.
    """
    answer = names.check(iban=iban, name=name)
    if not is_accepted and answer.result is NameCheck.NO_MATCH:
        raise NameNotOnAccount
    if not is_accepted and answer.result is NameCheck.CLOSE:
        raise NameNearlyRight(name=answer.name)
    return answer.result
