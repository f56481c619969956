"""The bench of loyalty, in small: baskets of the data, rules of every kind, and what it notices."""

import json

import pytest
from django.core.management import call_command

from bench.loyalty import breaches
from bench.returning import left_behind
from bench.rules import Sold, rules_of
from loyalty.engine import MemberSnapshot, compile_program, evaluate
from tests.loyalty.engine.shelf import ALICE, NOON, bread, loaves_of, program

SOLD = Sold(departments=["food"], categories=["bread", "rye"], skus=["sku-1", "sku-2"])


def test_the_same_rules_of_every_kind_are_made_each_time() -> None:
    rules = rules_of(SOLD, 200)
    assert rules == rules_of(SOLD, 200)
    assert len(rules) == 200
    assert len({type(rule) for rule in rules}) == 16
    compile_program(rules, parents={}, version=1)


def test_a_quote_that_does_not_add_up_is_noticed() -> None:
    bought, member = loaves_of(300, 200), MemberSnapshot(*ALICE)
    quote = evaluate(program(), member, bought, NOON)
    assert not list(breaches(quote, bought, member))
    assert list(breaches(quote._replace(due=499), bought, member))
    assert list(breaches(quote._replace(points=1), bought, member))
    assert list(breaches(quote, loaves_of(300, 300), member))


def test_what_does_not_come_back_with_the_goods_is_noticed() -> None:
    bought = loaves_of(300, 200)
    quote = evaluate(program(bread(1_000)), MemberSnapshot(*ALICE), bought, NOON)
    assert quote.given
    assert not list(left_behind(quote, bought))
    assert list(left_behind(quote._replace(given=()), bought))


@pytest.mark.long
def test_baskets_of_the_data_are_priced_and_proved(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("bench", "loyalty", "--baskets", "300")
    figures = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert figures["baskets"] == 300
    assert figures["matches_per_basket"] >= 30
    assert figures["verified"] is True
    assert 0 < figures["p50_us"] <= figures["p99_us"]
