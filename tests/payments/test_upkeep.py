"""What keeps the ledger going: beat's tasks, and the command after a restore."""

from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command

from okplatform.celery import app
from payments.tasks import fold, prepare
from tests.payments.books import Points, breaches, held

pytestmark = pytest.mark.django_db

alice = Points(member=7)


def test_beat_calls_only_tasks_that_exist() -> None:
    app.loader.import_default_modules()
    called = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert {"payments.fold_balances", "payments.prepare_ledger"} <= called
    assert called <= set(app.tasks)


def test_the_tasks_may_run_at_any_time_and_twice() -> None:
    alice.book("sale-1", 18)
    for task in (fold, prepare, fold, prepare):
        task()
    assert held(alice.had) == 18
    assert breaches() == {}


def test_the_command_says_how_many_balances_it_rebuilt() -> None:
    said = StringIO()
    call_command("rebuild_balances", stdout=said)
    assert said.getvalue() == "Rebuilt the balances of 0 accounts.\n"
