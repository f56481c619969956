"""Actions know nothing of HTTP, not even through a helper: tills, tasks and commands call them.

import-linter sees whole libraries only; Django is allowed in an action and `django.http` is not.
"""

import ast
from pathlib import Path

from tests.architecture.gates.network import imported, reaches
from tests.architecture.gates.tree import Finding, modules

WEB = {"django.contrib.messages", "django.http", "django.shortcuts", "django.urls", "django.views"}


def _name(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _ours(tree: ast.Module, names: set[str]) -> set[str]:
    found = set()
    for _, name in imported(tree):
        found.update({name, name.rpartition(".")[0]} & names)
    return found


def web_in_actions(root: Path) -> list[Finding]:
    """Name actions that import a part of the web, with the way they reach it."""
    trees = {_name(path): (path, tree) for path, tree in modules(root)}
    below = {name: _ours(tree, set(trees)) for name, (_, tree) in trees.items()}
    web = {
        name for name, (_, tree) in trees.items() if any(reaches(n, WEB) for _, n in imported(tree))
    }
    return [
        Finding(trees[name][0], 1, f"an action reaches the web: {' -> '.join(way)}")
        for name in sorted(trees)
        if ".actions" in name and (way := _way(name, below, web))
    ]


def _way(start: str, below: dict[str, set[str]], targets: set[str]) -> list[str]:
    ways, seen = [[start]], {start}
    for way in ways:
        if way[-1] in targets:
            return way
        fresh = sorted(below[way[-1]] - seen)
        seen.update(fresh)
        ways.extend([*way, name] for name in fresh)
    return []
