"""People come, add accounts, sign, take it back, go elsewhere, and settle what they owe."""

from django.db.models import Q

from demo.simulate import counter
from demo.simulate.cast import Shopper
from demo.simulate.town import Town
from okplatform.kernel.tenancy import operator_scope
from payments.actions.choose_refund_account import choose_refund_account as choose_account
from payments.actions.close_mandate import close_mandate
from payments.actions.remove_bank_account import remove_bank_account
from payments.actions.retry_collection import retry_collection
from payments.models import Collection, Invoice, Mandate, PayoutTerms, Refund
from payments.states import CollectionState, FollowUp, MandateState, RefundState

MOST_SHOPPERS, MOST_ACCOUNTS = 24, 4
POOR = 5_00
"""What stands on the account of somebody who will not be able to pay, in cents."""


def join(town: Town) -> None:
    """Let somebody sign up; some have next to nothing in the bank."""
    if len(town.cast.shoppers) >= MOST_SHOPPERS:
        return add_account(town)
    shopper = town.cast.welcome_shopper(now=town.now)
    if town.chance.one_in(4):
        (iban,) = shopper.accounts.values()
        town.bankside.client.order("open", iban=iban, name=shopper.name, balance=POOR, house=False)
    return None


def add_account(town: Town) -> None:
    """Let a shopper add an account and pay from it; some sign for it later."""
    shopper = town.chance.pick(town.cast.shoppers)
    if len(shopper.accounts) < MOST_ACCOUNTS:
        account = shopper.add_account(
            town.cast.new_iban("INGB"), signs=not town.chance.one_in(3), now=town.now
        )
        if account in counter.ready_accounts():
            shopper.pays_from(account)


def change_account(town: Town) -> None:
    """Let a shopper swipe to another account; the phone offers those that are signed for."""
    shopper = town.chance.pick(town.cast.shoppers)
    ready = counter.ready_accounts()
    offered = [account_id for account_id in shopper.accounts if account_id in ready]
    if offered:
        shopper.pays_from(town.chance.pick(offered))


def sign(town: Town) -> None:
    """Let everybody sign who has not, or whose mandate the bank has ended."""
    signed = set(
        Mandate.objects.filter(state=MandateState.ACTIVE).values_list("bank_account_id", flat=True)
    )
    for shopper in town.cast.shoppers:
        for account_id in sorted(shopper.accounts.keys() - signed):
            shopper.sign(account_id, now=town.now)


def withdraw(town: Town) -> None:
    """Let a shopper take a mandate back, while a code is on the screen; what was bought is owed."""
    shopper = counter.payer(town)
    late = counter.ring_up(town, shopper=shopper, tenders=("ok",))
    close_mandate(
        person_id=shopper.person_id,
        bank_account_id=shopper.phone.funding_ref or 0,
        now=town.now,
        actor=shopper.phone.actor,
    )
    counter.expect(counter.put(town, late), "bank_account_not_ready")
    town.faults.meet("mandate_withdrawn")


def remove_account(town: Town) -> None:
    """Let a shopper take an account off the list, while a code for it is still on the screen."""
    shopper = counter.payer(town)
    account_id = shopper.phone.funding_ref
    if account_id is None or len(shopper.accounts) == 1:
        return
    late = counter.ring_up(town, shopper=shopper, tenders=("ok",))
    remove_bank_account(
        person_id=shopper.person_id,
        bank_account_id=account_id,
        now=town.now,
        actor=shopper.phone.actor,
    )
    del shopper.accounts[account_id]
    counter.expect(counter.put(town, late), "bank_account_removed")
    town.faults.meet("account_removed")
    shopper.pays_from(max(shopper.accounts))


def pay_debts(town: Town) -> None:
    """Let whoever the bank had a collection back from sign anew, and have it collected again."""
    sign(town)
    returned = Collection.objects.filter(state=CollectionState.RETURNED, retry=None).exclude(
        follow_up=FollowUp.REFUNDED
    )
    for collection in returned.select_related("bank_account").order_by("pk"):
        if collection.bank_account.removed_at is None:
            retry_collection(
                collection_id=collection.pk,
                now=town.now,
                actor=_holder(town, collection).phone.actor,
            )


def choose_refund_account(town: Town) -> None:
    """Let everybody choose who is owed a refund that cannot go where it came from."""
    with operator_scope("simulate"):
        waiting = list(
            Refund.objects.filter(state=RefundState.WAITING, pay_to=None)
            .filter(Q(attempt__gt=1) | Q(bank_account__removed_at__isnull=False))
            .order_by("pk")
            .values_list("pk", "bank_account__person_id")
        )
    for refund_id, person_id in waiting:
        shopper = next(one for one in town.cast.shoppers if one.person_id == person_id)
        choose_account(
            person_id=person_id,
            refund_id=refund_id,
            bank_account_id=town.chance.pick(sorted(shopper.accounts)),
            now=town.now,
            actor=shopper.phone.actor,
        )


def pay_invoices(town: Town) -> None:
    """Let shops pay by bank what is open of OK's invoices, each once."""
    with operator_scope("simulate"):
        open_still = list(Invoice.objects.filter(settled_on=None, credits=None).order_by("pk"))
    for invoice in open_still:
        text, meant = f"Factuur {invoice.number}", town.bankside.witness.meant
        if text in meant:
            continue
        meant[text] = f"OKI{invoice.pk}"
        shop = next(one for one in town.cast.shops if one.merchant_id == invoice.merchant_id)
        town.bankside.client.order(
            "pay_in",
            amount=invoice.open,
            iban=shop.iban,
            name=shop.name,
            to=town.bankside.account.iban,
            text=text,
        )


def _holder(town: Town, collection: Collection) -> Shopper:
    person_id = collection.bank_account.person_id
    return next(one for one in town.cast.shoppers if one.person_id == person_id)


def renew_terms(town: Town) -> None:
    """Let shops whose payout came back say anew where they want their money."""
    with operator_scope("simulate"):
        paused = set(
            PayoutTerms.objects.exclude(paused_reason="").values_list("merchant_id", flat=True)
        )
    for shop in town.cast.shops:
        if shop.merchant_id in paused:
            shop.agree_on_terms(now=town.now)
