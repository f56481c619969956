"""What beat does of itself, and how often; the same in every environment."""

from datetime import timedelta

from celery.schedules import crontab

SCHEDULE = {
    "sweep the outbox": {"task": "kernel.sweep", "schedule": timedelta(seconds=1)},
    "fold the ledger's balances": {
        "task": "payments.fold_balances",
        "schedule": timedelta(seconds=2),
    },
    "end what payers did not confirm": {
        "task": "payments.expire_confirmations",
        "schedule": timedelta(seconds=1),
    },
    # Months stand open long before they come; this is for a machine that slept through them.
    "open the ledger's coming months": {
        "task": "payments.prepare_ledger",
        "schedule": timedelta(minutes=1),
    },
    # Somebody is waiting for it.
    "make the codes of coupons": {
        "task": "loyalty.make_coupons",
        "schedule": timedelta(seconds=2),
    },
    "take in balances of other programmes": {
        "task": "loyalty.take_in_balances",
        "schedule": timedelta(seconds=2),
    },
    "let shops out that stopped sharing points": {
        "task": "loyalty.end_notices",
        "schedule": timedelta(minutes=10),
    },
    "forget balances nobody claimed": {
        "task": "loyalty.forget_balances",
        "schedule": timedelta(hours=1),
    },
    "announce collections": {
        "task": "payments.plan_collections",
        "schedule": crontab(hour=4, minute=0),
    },
    "write files of collections": {
        "task": "payments.send_collections",
        "schedule": crontab(minute=20),
    },
    # Somebody is waiting for it.
    "write files of cents that prove accounts": {
        "task": "payments.send_proofs",
        "schedule": timedelta(seconds=15),
    },
    "ask after payments at banks": {
        "task": "payments.refresh_bank_payments",
        "schedule": timedelta(seconds=5),
    },
    "take what was paid at banks": {
        "task": "checkout.take_paid_at_bank",
        "schedule": timedelta(seconds=5),
    },
    "order payouts": {"task": "payments.order_payouts", "schedule": timedelta(minutes=1)},
    "end online payments in time": {
        "task": "checkout.expire_payments",
        "schedule": timedelta(seconds=30),
    },
    "follow cards and cash": {
        "task": "payments.gather_tenders",
        "schedule": timedelta(minutes=1),
    },
    "follow cards and cash of a past that came late": {
        "task": "payments.gather_all_tenders",
        "schedule": crontab(hour=3, minute=40),
    },
    "order refunds": {"task": "payments.order_refunds", "schedule": timedelta(minutes=1)},
    # Somebody is waiting for it.
    "send receipts": {"task": "wallet.send_receipts", "schedule": timedelta(seconds=10)},
    "send letters": {"task": "payments.send_letters", "schedule": timedelta(seconds=30)},
    "hand files to the bank": {
        "task": "payments.deliver_files",
        "schedule": timedelta(seconds=30),
    },
    "take in the bank's files": {
        "task": "payments.take_files",
        "schedule": timedelta(seconds=30),
    },
    "settle what is in doubt": {
        "task": "payments.settle_doubts",
        "schedule": timedelta(minutes=5),
    },
    # Every hour, so that a run that was cut short goes on; nothing is asked twice.
    "invoice merchants": {"task": "payments.make_invoices", "schedule": crontab(minute=40)},
    "plan what goes to bookkeeping programs": {
        "task": "payments.plan_pushes",
        "schedule": crontab(hour=2, minute=30),
    },
    "fill merchants' bookkeeping programs": {
        "task": "payments.push_to_books",
        "schedule": timedelta(minutes=5),
    },
    "send webhooks": {"task": "merchants.send_webhooks", "schedule": timedelta(seconds=1)},
    "give up webhooks": {
        "task": "merchants.give_up_webhooks",
        "schedule": timedelta(minutes=1),
    },
    "forget old sessions": {
        "task": "parties.forget_sessions",
        "schedule": crontab(hour=3, minute=20),
    },
    "forget old idempotency keys": {
        "task": "kernel.forget_idempotency_keys",
        "schedule": crontab(hour=3, minute=10),
    },
    # Somebody is waiting for it.
    "try schemes on the past": {
        "task": "loyalty.replay_schemes",
        "schedule": timedelta(seconds=1),
    },
    "start schemes in time": {"task": "loyalty.start_schemes", "schedule": timedelta(seconds=15)},
    # Somebody is waiting for it: a payment asks its payer.
    "send notifications": {"task": "wallet.send_pushes", "schedule": timedelta(seconds=1)},
    "remind of cards and warranties": {"task": "wallet.remind", "schedule": timedelta(minutes=10)},
    "remind of points": {"task": "loyalty.remind", "schedule": timedelta(minutes=10)},
    "let points count and end": {
        "task": "loyalty.turn_lots",
        "schedule": timedelta(minutes=1),
    },
    "take tiers whose time is over": {
        "task": "loyalty.review_tiers",
        "schedule": timedelta(minutes=5),
    },
    "follow how programmes keep points": {
        "task": "loyalty.lay_out_lots",
        "schedule": timedelta(minutes=1),
    },
    "forget old notifications": {
        "task": "wallet.forget_pushes",
        "schedule": crontab(hour=3, minute=30),
    },
    "forget files of cards": {
        "task": "wallet.forget_imports",
        "schedule": crontab(minute=50),
    },
}
