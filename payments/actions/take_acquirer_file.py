"""Take in what a merchant uploads about its card payments, and match it at once."""

from datetime import datetime, timedelta

from okplatform.kernel.audit import Actor
from okplatform.kernel.tenancy import merchant_scope
from payments.actions.gather_tenders import gather_tenders
from payments.actions.import_acquirer_file import ImportedCards, import_acquirer_file
from payments.actions.match_acquirer import match_acquirer
from payments.models import AcquirerAccount


def take_acquirer_file(
    *,
    merchant_id: int,
    mode: str,
    account_id: int,
    name: str,
    content: bytes,
    now: datetime,
    actor: Actor,
) -> ImportedCards:
    """Import a file, read the sales that it is about once more, and match.

    Each step may happen again. Raises what ``import_acquirer_file`` raises.
    """
    imported = import_acquirer_file(
        merchant_id=merchant_id,
        mode=mode,
        account_id=account_id,
        name=name,
        content=content,
        now=now,
        actor=actor,
    )
    with merchant_scope(merchant_id):
        account = AcquirerAccount.objects.get(pk=account_id)
    back_to = imported.first_day - timedelta(days=1) if imported.first_day else None
    gather_tenders(account=account, now=now, back_to=back_to)
    match_acquirer(merchant_id=merchant_id, mode=mode, now=now, actor=actor)
    return imported
