"""Documents list what they promise to: commands, dependencies. Names are unique, locks lock."""

import ast
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from tests.architecture.gates.network import imported
from tests.architecture.gates.tree import PACKAGES, Finding, files, modules, relative

DEPENDENCIES = "docs/dependencies.md"
SETTINGS = "docs/settings.md"
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)[^)]*\)")
PATH = re.compile(r"`(\w[\w.-]*(?:/[\w.-]+)+/?)`")
ENVIRONMENT = re.compile(r"""\benv(?:\.\w+)?\(\s*["']([A-Z][A-Z0-9_]*)["']""")


def undocumented_commands(root: Path) -> list[Finding]:
    """Name management commands that neither the README nor a document shows how to call."""
    told = "\n".join(
        path.read_text()
        for path in [*files(root, ".md", under=("docs",)), root / "README.md"]
        if path.exists()
    )
    return [
        Finding(path, 1, f"`manage.py {Path(path).stem}` stands in no document")
        for path, _ in modules(root)
        if "/management/commands/" in path
        and not Path(path).stem.startswith("_")
        and not re.search(rf"manage\.py {Path(path).stem}\b", told)
    ]


def dead_references(root: Path) -> list[Finding]:
    """Name links and paths in documents that lead nowhere."""
    documents = [*sorted(root.glob("*.md")), *files(root, ".md", under=("docs", "demo"))]
    return [
        Finding(relative(root, path), number, f"{target} is not there")
        for path in documents
        for number, text in enumerate(path.read_text().splitlines(), 1)
        for target, leads_to in _references(root, path, text)
        if not leads_to.exists()
    ]


def _references(root: Path, document: Path, text: str) -> Iterator[tuple[str, Path]]:
    """Yield what a line links to, and the paths of ours it names."""
    for target in LINK.findall(text):
        yield target, document.parent / target
    for named in PATH.findall(text):
        if (root / named.split("/")[0]).is_dir():
            yield named, root / named


def _declared(root: Path) -> Iterator[tuple[str, str]]:
    for path in sorted((root / "requirements").glob("*.in")):
        for line in path.read_text().splitlines():
            if name := re.match(r"[A-Za-z][\w.-]*", line):
                yield relative(root, path), name[0].lower().replace("_", "-")
    package = root / "package.json"
    if package.exists():
        declared = json.loads(package.read_text())
        for name in {**declared.get("dependencies", {}), **declared.get("devDependencies", {})}:
            yield "package.json", name.lower()


def unexplained_dependencies(root: Path) -> list[Finding]:
    """Name direct dependencies without a line in the list, and lines about what is none."""
    explained = {
        name.lower().replace("_", "-")
        for name in re.findall(r"^[-|] `([^`]+)`", (root / DEPENDENCIES).read_text(), re.MULTILINE)
    }
    declared = list(_declared(root))
    missing = [
        Finding(path, 1, f"{name} has no line in {DEPENDENCIES}")
        for path, name in declared
        if name not in explained
    ]
    stale = explained - {name for _, name in declared}
    return missing + [
        Finding(DEPENDENCIES, 1, f"explains {name}, which is no direct dependency")
        for name in sorted(stale)
    ]


def undeclared_imports(root: Path, homes: Mapping[str, Sequence[str]]) -> list[Finding]:
    """Name imports of libraries that are there only because another library asks for them.

    `homes` says which distributions hold a top-level module (`packages_distributions`).
    """
    declared = {name for _, name in _declared(root)}
    found = set()
    for path, tree in modules(root):
        for line, name in imported(tree):
            top = name.split(".")[0]
            owners = {home.lower().replace("_", "-") for home in homes.get(top, ())}
            if owners and top not in PACKAGES and not owners & declared:
                found.add(Finding(path, line, f"{top} is no direct dependency: requirements/"))
    return sorted(found)


def _line(text: str, match: re.Match[str]) -> int:
    return text.count("\n", 0, match.start()) + 1


def undocumented_settings(root: Path) -> list[Finding]:
    """Name what the settings read from the environment and no document explains."""
    told = (root / SETTINGS).read_text()
    return [
        Finding(relative(root, path), _line(text, match), f"{match[1]} has no line in {SETTINGS}")
        for path in files(root, ".py", under=("okplatform/settings",))
        for text in [path.read_text()]
        for match in ENVIRONMENT.finditer(text)
        if f"`{match[1]}`" not in told
    ]


def loose_locks(root: Path) -> list[Finding]:
    """Name locked packages without a hash, and addresses in a lock file."""
    found = []
    for path in sorted((root / "requirements").glob("*.txt")):
        text = path.read_text()
        found += [
            Finding(relative(root, path), 1, f"{name} has no hash")
            for name, rest in re.findall(r"^([A-Za-z][^\s=]*)(.*(?:\n .*)*)", text, re.MULTILINE)
            if "--hash=sha256:" not in rest
        ]
        found += [
            Finding(relative(root, path), 1, "holds an address")
            for _ in re.findall(r"https?://|--(?:extra-)?index-url", text)
        ]
    return found + list(_loose_packages(root))


def _loose_packages(root: Path) -> Iterator[Finding]:
    lock = root / "package-lock.json"
    if not lock.exists():
        return
    for name, package in json.loads(lock.read_text())["packages"].items():
        if name and not package.get("integrity"):
            yield Finding("package-lock.json", 1, f"{name} has no hash")
        if "resolved" in package:
            yield Finding("package-lock.json", 1, f"{name} holds an address")


def twin_invariants(root: Path) -> list[Finding]:
    """Name invariants whose name another one bears already."""
    seen: dict[str, str] = {}
    found = []
    for path, tree in modules(root):
        for line, name in _invariants(tree):
            if name in seen:
                found.append(
                    Finding(path, line, f"{name} is the name of an invariant in {seen[name]}")
                )
            seen.setdefault(name, path)
    return found


def _invariants(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        for mark in getattr(node, "decorator_list", ()):
            if (
                isinstance(mark, ast.Call)
                and getattr(mark.func, "id", getattr(mark.func, "attr", "")) == "invariant"
            ):
                yield mark.lineno, ast.literal_eval(mark.args[0])
