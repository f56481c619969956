"""Documents list what they promise; names are unique; lock files lock."""

import json
from pathlib import Path

from tests.architecture.gates.documents import (
    loose_locks,
    twin_invariants,
    undocumented_commands,
    unexplained_dependencies,
)
from tests.architecture.gates.tree import ROOT, plant


def test_every_command_is_documented() -> None:
    assert undocumented_commands(ROOT) == []


def test_a_command_no_document_shows_is_caught(tmp_path: Path) -> None:
    plant(tmp_path, "README.md", "`manage.py verify` proves the books, `manage.py replayed` not.")
    plant(tmp_path, "okplatform/kernel/management/commands/verify.py", "")
    plant(tmp_path, "demo/management/commands/replay.py", "")
    (found,) = undocumented_commands(tmp_path)
    assert str(found) == (
        "demo/management/commands/replay.py:1: `manage.py replay` stands in no document"
    )


def test_every_direct_dependency_is_explained() -> None:
    assert unexplained_dependencies(ROOT) == []


def test_a_dependency_nobody_explains_is_caught(tmp_path: Path) -> None:
    plant(tmp_path, "requirements/base.in", "# why\nDjango>=5.2\nleft_pad\n-r other.in\n")
    plant(tmp_path, "package.json", json.dumps({"dependencies": {"htmx.org": "2"}}))
    plant(tmp_path, "docs/dependencies.md", "| `Django` | web |\n| `gone` | was |\n")
    assert [str(found) for found in unexplained_dependencies(tmp_path)] == [
        "requirements/base.in:1: left-pad has no line in docs/dependencies.md",
        "package.json:1: htmx.org has no line in docs/dependencies.md",
        "docs/dependencies.md:1: explains gone, which is no direct dependency",
    ]


def test_locks_hold_hashes_and_no_addresses() -> None:
    assert loose_locks(ROOT) == []


def test_a_lock_without_a_hash_or_with_an_address_is_caught(tmp_path: Path) -> None:
    lock = "a==1 \\\n    --hash=sha256:00\n    # via b\nb==2\n--index-url https://example.com\n"
    plant(tmp_path, "requirements/base.txt", lock)
    packages = {
        "": {"name": "ok"},
        "node_modules/good": {"integrity": "sha512-x"},
        "node_modules/bad": {"resolved": "https://example.com/bad.tgz"},
    }
    plant(tmp_path, "package-lock.json", json.dumps({"packages": packages}))
    assert [str(found) for found in loose_locks(tmp_path)] == [
        "requirements/base.txt:1: b has no hash",
        "requirements/base.txt:1: holds an address",
        "requirements/base.txt:1: holds an address",
        "package-lock.json:1: node_modules/bad has no hash",
        "package-lock.json:1: node_modules/bad holds an address",
    ]


def test_every_invariant_has_a_name_of_its_own() -> None:
    assert twin_invariants(ROOT) == []


def test_two_invariants_of_one_name_are_caught(tmp_path: Path) -> None:
    proof = "@invariant('books_balance')\ndef prove(): ...\n"
    plant(tmp_path, "wallet/invariants.py", proof)
    plant(tmp_path, "payments/invariants.py", proof)
    (found,) = twin_invariants(tmp_path)
    assert str(found) == (
        "payments/invariants.py:1: "
        "books_balance is the name of an invariant in wallet/invariants.py"
    )
