"""Keys point down the map and protect; only an app writes its own tables; migrations go back."""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.db import migrations, models
from django.db.migrations.operations.base import Operation

from tests.architecture.gates.tree import (
    PACKAGES,
    Finding,
    app_of,
    files,
    height,
    label,
    modules,
    relative,
)

LABELS = "|".join(
    (
        "kernel",
        "parties",
        "trade",
        "web",
        "wallet",
        "payments",
        "loyalty",
        "merchants",
        "demo",
        "bench",
    )
)
WRITES = re.compile(
    rf"\b(?:INSERT\s+INTO|UPDATE(?:\s+ONLY)?|DELETE\s+FROM|MERGE\s+INTO|TRUNCATE(?:\s+TABLE)?|COPY)\s+\"?({LABELS})_[a-z]"
)
WRITERS = {
    "bulk_create", "bulk_update", "create", "delete", "get_or_create", "save", "update",
    "update_or_create",
}  # fmt: skip
GO_ALONG = {
    # How somebody did in training is theirs: it goes with their job, whoever ends that (ADR 0050).
    "merchants.TrainingRun.membership",
}
"""Keys whose rows PostgreSQL deletes with what they point at."""
MODELS = re.compile(r"(?:okplatform\.)?(\w+)\.models\b")
REFERS = re.compile(rf"\bREFERENCES\s+\"?({LABELS})_[a-z]", re.IGNORECASE)


def may_point(source: str, target: str) -> bool:
    """Say whether a table of one app may refer to one of another: its own, or further down."""
    below, here = height(target), height(source)
    return source == target or below is None or here is None or below < here


def _keys(model: type[models.Model]) -> Iterator[tuple[str, models.ForeignKey]]:  # type: ignore[type-arg]
    for field in model._meta.local_fields:
        if isinstance(field, models.ForeignKey) and not field.remote_field.parent_link:
            yield f"{model._meta.label}.{field.name}", field


def upward_keys(all_models: Iterable[type[models.Model]]) -> list[str]:
    """Name foreign keys of our models that point up or sideways, or do not protect."""
    found = []
    for model in all_models:
        source = model._meta.app_label
        if height(source) is None:
            continue
        for name, key in _keys(model):
            target = key.related_model._meta
            if not may_point(source, target.app_label):
                found.append(f"{name} points up the map, at {target.label}")
            if key.remote_field.on_delete is not models.PROTECT and name not in GO_ALONG:
                found.append(f"{name} does not protect what it points at")
    return found


def upward_sql(root: Path) -> list[Finding]:
    """Name REFERENCES in migrations' SQL that point up or sideways."""
    return [
        Finding(path, number, f"refers to a table of {target}, which is not below")
        for path, number, text in _sql_lines(root)
        for target in REFERS.findall(text)
        if not may_point(label(app_of(path) or ""), target)
    ]


def foreign_writes(root: Path) -> list[Finding]:
    """Name SQL and manager calls that write another app's tables."""
    return [*_foreign_sql(root), *_foreign_calls(root)]


def _foreign_sql(root: Path) -> list[Finding]:
    return [
        Finding(path, number, f"writes a table of {target}: call its action")
        for path, number, text in _sql_lines(root)
        for target in WRITES.findall(text)
        if target != label(app_of(path) or "")
    ]


def _foreign_calls(root: Path) -> Iterator[Finding]:
    for path, tree in modules(root):
        here = label(app_of(path) or "")
        foreign = {
            alias.asname or alias.name: owner[1]
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and (owner := MODELS.match(node.module or ""))
            for alias in node.names
            if owner[1] != here
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr in WRITERS:
                target = foreign.get(_root_name(node.value))
                if target:
                    says = f"writes a table of {target}: call its action"
                    yield Finding(path, node.lineno, says)


def _root_name(node: ast.expr) -> str:
    """Return the name a chain like `Sale.objects.filter(…).update` starts from."""
    while isinstance(node, ast.Attribute | ast.Call | ast.Subscript):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def _sql_lines(root: Path) -> Iterator[tuple[str, int, str]]:
    for path in files(root, ".py", ".sql", under=PACKAGES):
        name = relative(root, path)
        if app_of(name):
            for number, text in enumerate(path.read_text().splitlines(), 1):
                yield name, number, text


def one_way(all_migrations: Iterable[migrations.Migration]) -> list[str]:
    """Name operations of our migrations that cannot be undone."""
    return [
        f"{migration.app_label}.{migration.name}: {operation.describe()} has no reverse"
        for migration in all_migrations
        if height(migration.app_label) is not None
        for operation in _flat(migration.operations)
        if not operation.reversible
    ]


def _flat(operations: Iterable[Operation]) -> Iterator[Operation]:
    for operation in operations:
        yield operation
        if isinstance(operation, migrations.SeparateDatabaseAndState):
            yield from _flat(operation.database_operations)
