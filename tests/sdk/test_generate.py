"""The types of the till kits are those of the contract, and one field more is noticed."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from tests.architecture.gates.tree import ROOT


@pytest.fixture
def generate(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", ROOT / "sdk" / "generate.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "CONTRACT", tmp_path / "openapi.yaml")
    (tmp_path / "openapi.yaml").write_text((ROOT / "docs" / "openapi.yaml").read_text())
    return module


def test_the_types_are_those_of_the_contract(generate: ModuleType) -> None:
    assert generate.main(["--check"]) == 0


def test_a_field_that_the_types_do_not_have_is_named_and_written(
    generate: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(generate, "PYTHON", tmp_path / "models.py")
    monkeypatch.setattr(generate, "TYPESCRIPT", tmp_path / "made" / "ok-api.d.ts")
    assert generate.main([]) == 0
    contract = generate.CONTRACT.read_text().replace("    TenderBody:\n", "    PlantedBody:\n")
    generate.CONTRACT.write_text(contract.replace("schemas/TenderBody", "schemas/PlantedBody"))

    assert generate.main(["--check"]) == 1

    assert capsys.readouterr().out.count("make sdk") == 2
    assert "class TenderBody" in (tmp_path / "models.py").read_text()
    assert generate.main([]) == 0
    assert "class PlantedBody(TypedDict)" in (tmp_path / "models.py").read_text()
    assert "PlantedBody" in (tmp_path / "made" / "ok-api.d.ts").read_text()
