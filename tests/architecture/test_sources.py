"""Rules about what a file may hold: its length, its words, its calls to the outside."""

from pathlib import Path

from tests.architecture.gates.lengths import summary, too_long
from tests.architecture.gates.network import calls_to_the_outside
from tests.architecture.gates.text import addresses, unfinished, waits
from tests.architecture.gates.tree import ROOT, listed, plant


def test_files_and_functions_are_short() -> None:
    assert listed(too_long(ROOT)) == ""


def test_a_long_file_and_a_long_function_are_caught(tmp_path: Path) -> None:
    plant(tmp_path, "wallet/long.py", "x = 1\n" * 401)
    plant(tmp_path, "static/js/long.js", "let x;\n" * 401)
    plant(tmp_path, "sdk/python/ok_till/long.py", "x = 1\n" * 401)
    plant(tmp_path, "wallet/deep.py", "x = 1\ndef deep():\n" + "    x = 1\n" * 50)
    assert [str(found) for found in too_long(tmp_path)] == [
        "sdk/python/ok_till/long.py:1: 401 lines; the limit is 400: two rooms, or a reason",
        "static/js/long.js:1: 401 lines; the limit is 400: two rooms, or a reason",
        "wallet/deep.py:2: 51 lines; the limit is 50: two rooms, or a reason",
        "wallet/long.py:1: 401 lines; the limit is 400: two rooms, or a reason",
    ]
    assert summary(tmp_path) == (
        "longest file wallet/long.py 401 of 400 lines, "
        "longest function wallet/deep.py::deep 51 of 50"
    )


def test_a_reason_allows_a_long_file_and_goes_when_it_is_short_again(tmp_path: Path) -> None:
    plant(tmp_path, "wallet/long.py", "x = 1\n" * 401)
    reasons = {"wallet/long.py": "one table", "wallet/short.py": "was long"}
    (found,) = too_long(tmp_path, reasons)
    assert str(found) == "wallet/short.py:1: is short again: take its reason away"


def test_nothing_is_left_unfinished() -> None:
    assert listed(unfinished(ROOT)) == ""


def test_a_mark_of_unfinished_work_is_caught(tmp_path: Path) -> None:
    plant(tmp_path, "wallet/codes.py", "x = 1\n# TO" + "DO: later\n")
    plant(tmp_path, "wallet/words.py", "methodology = 'a to-do list'\n")
    (found,) = unfinished(tmp_path)
    assert str(found) == "wallet/codes.py:2: a mark of unfinished work"


def test_no_test_waits_a_fixed_time() -> None:
    assert listed(waits(ROOT)) == ""


def test_a_wait_of_a_fixed_time_is_caught(tmp_path: Path) -> None:
    plant(tmp_path, "tests/browser/test_till.py", "page.wait_for_" + "timeout(500)\n")
    plant(tmp_path, "tests/browser/test_code.py", "page.wait_for_url('/till/')\n")
    (found,) = waits(tmp_path)
    assert found.path == "tests/browser/test_till.py"


def test_no_file_names_a_registry_or_a_path_of_one_machine() -> None:
    assert listed(addresses(ROOT)) == ""


def test_a_registry_host_and_a_path_of_a_machine_are_caught(tmp_path: Path) -> None:
    plant(tmp_path, "Makefile", "setup:\n\tpip install --index-url https://py" + "pi.org/simple\n")
    plant(tmp_path, "demo/data.py", "HERE = '/ho" + "me/alice/data'\n")
    plant(tmp_path, "bench/data.py", f"HERE = '{tmp_path}/data'\n")
    plant(tmp_path, "okplatform/urls.py", "path('api/home/', home)\n")
    assert {found.path for found in addresses(tmp_path)} == {
        "Makefile",
        "bench/data.py",
        "demo/data.py",
    }


def test_the_outside_is_reached_through_gateways_only() -> None:
    assert listed(calls_to_the_outside(ROOT)) == ""


def test_a_network_module_outside_a_gateway_is_caught(tmp_path: Path) -> None:
    plant(tmp_path, "payments/actions/collect.py", "def collect():\n    from redis import Redis\n")
    plant(tmp_path, "payments/mail.py", "import smtplib\n")
    plant(tmp_path, "payments/gateways/bank.py", "import http.client\n")
    plant(tmp_path, "payments/redistribute.py", "import redistribution\n")
    assert [str(found) for found in calls_to_the_outside(tmp_path)] == [
        "payments/actions/collect.py:2: redis.Redis is imported outside a gateway",
        "payments/mail.py:1: smtplib is imported outside a gateway",
    ]
