"""Modules and models named in a string follow the map too: import-linter reads imports only."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.gates.tables import may_point
from tests.architecture.gates.tree import Finding, app_of, height, label, modules

BY_NAME = {"get_model", "import_module", "import_string"}


def upward_names(root: Path) -> list[Finding]:
    """Name calls that load a module or model of an app that stands higher, by its name."""
    return [
        Finding(path, line, f"reaches {target}, which is not below, by its name")
        for path, tree in modules(root)
        if (app := app_of(path))
        for line, target in _loaded(tree)
        if not may_point(label(app), target)
    ]


def _loaded(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield the app label in each call such as `get_model("payments.Payment")`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _called(node.func) in BY_NAME and node.args:
            name = node.args[0]
            if isinstance(name, ast.Constant) and isinstance(name.value, str):
                first = name.value.removeprefix("okplatform.").split(".")[0]
                if height(first) is not None:
                    yield node.lineno, first


def _called(function: ast.expr) -> str:
    return getattr(function, "attr", getattr(function, "id", ""))
