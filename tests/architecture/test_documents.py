"""Documents list what they promise; names are unique; lock files lock."""

import json
from importlib.metadata import packages_distributions
from pathlib import Path

from tests.architecture.gates.documents import (
    dead_references,
    loose_locks,
    twin_invariants,
    undeclared_imports,
    undocumented_commands,
    undocumented_settings,
    unexplained_dependencies,
)
from tests.architecture.gates.tree import ROOT, listed, plant


def test_every_path_in_a_document_leads_somewhere() -> None:
    assert listed(dead_references(ROOT)) == ""


def test_a_path_that_leads_nowhere_is_caught(tmp_path: Path) -> None:
    plant(tmp_path, "wallet/codes.py", "")
    plant(tmp_path, "README.md", "[map](docs/map.md#top) [out](https://example.com)\n")
    plant(tmp_path, "docs/adr/0001.md", "\n`wallet/codes.py` `wallet/gone.py` `v1/sales` `a/b`\n")
    assert [str(found) for found in dead_references(tmp_path)] == [
        "README.md:1: docs/map.md is not there",
        "docs/adr/0001.md:2: wallet/gone.py is not there",
    ]


def test_every_command_is_documented() -> None:
    assert listed(undocumented_commands(ROOT)) == ""


def test_a_command_no_document_shows_is_caught(tmp_path: Path) -> None:
    plant(tmp_path, "README.md", "`manage.py verify` proves the books, `manage.py replayed` not.")
    plant(tmp_path, "okplatform/kernel/management/commands/verify.py", "")
    plant(tmp_path, "demo/management/commands/replay.py", "")
    (found,) = undocumented_commands(tmp_path)
    assert str(found) == (
        "demo/management/commands/replay.py:1: `manage.py replay` stands in no document"
    )


def test_every_direct_dependency_is_explained() -> None:
    assert listed(unexplained_dependencies(ROOT)) == ""


def test_a_dependency_nobody_explains_is_caught(tmp_path: Path) -> None:
    plant(tmp_path, "requirements/base.in", "# why\nDjango>=5.2\nleft_pad\n-r other.in\n")
    plant(tmp_path, "package.json", json.dumps({"dependencies": {"htmx.org": "2"}}))
    plant(tmp_path, "docs/dependencies.md", "| `Django` | web |\n| `gone` | was |\n")
    assert [str(found) for found in unexplained_dependencies(tmp_path)] == [
        "requirements/base.in:1: left-pad has no line in docs/dependencies.md",
        "package.json:1: htmx.org has no line in docs/dependencies.md",
        "docs/dependencies.md:1: explains gone, which is no direct dependency",
    ]


def test_every_library_we_import_is_a_direct_dependency() -> None:
    assert listed(undeclared_imports(ROOT, packages_distributions())) == ""


def test_an_import_of_anothers_dependency_is_caught(tmp_path: Path) -> None:
    plant(tmp_path, "requirements/base.in", "redis[hiredis]\n")
    plant(tmp_path, "wallet/queries.py", "import json\nimport redis\nfrom asgiref.sync import x\n")
    homes = {"redis": ["redis"], "asgiref": ["asgiref"]}
    (found,) = undeclared_imports(tmp_path, homes)
    assert str(found) == "wallet/queries.py:3: asgiref is no direct dependency: requirements/"


def test_every_setting_is_documented() -> None:
    assert listed(undocumented_settings(ROOT)) == ""


def test_a_setting_nobody_explains_is_caught(tmp_path: Path) -> None:
    plant(tmp_path, "docs/settings.md", "- `REDIS_URL`: where\n")
    plant(
        tmp_path,
        "okplatform/settings/base.py",
        'A = env("REDIS_URL")\nB = env.list(\n"ALLOWED_HOSTS", default=[])\nC = env.int("TRIES")\n',
    )
    assert [str(found) for found in undocumented_settings(tmp_path)] == [
        "okplatform/settings/base.py:2: ALLOWED_HOSTS has no line in docs/settings.md",
        "okplatform/settings/base.py:4: TRIES has no line in docs/settings.md",
    ]


def test_locks_hold_hashes_and_no_addresses() -> None:
    assert listed(loose_locks(ROOT)) == ""


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
    assert listed(twin_invariants(ROOT)) == ""


def test_two_invariants_of_one_name_are_caught(tmp_path: Path) -> None:
    proof = "@invariant('books_balance')\ndef prove(): ...\n"
    plant(tmp_path, "wallet/invariants.py", proof)
    plant(tmp_path, "payments/invariants.py", proof)
    (found,) = twin_invariants(tmp_path)
    assert str(found) == (
        "payments/invariants.py:1: "
        "books_balance is the name of an invariant in wallet/invariants.py"
    )
