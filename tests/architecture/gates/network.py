"""The outside is reached through few doors, so that no call to it hides inside a transaction.

This reads the source; `tests.support.network_guard` watches the same promise while the tests run.
"""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.architecture.gates.tree import Finding, modules

OUTSIDE = {
    "aiohttp", "django.core.mail", "ftplib", "http.client", "httpx", "imaplib", "redis", "requests",
    "smtplib", "socket", "telnetlib", "urllib.request", "urllib3", "websockets", "xmlrpc",
}  # fmt: skip

# A module or folder, and why it may reach out. A folder called gateways/ may everywhere.
DOORS: Mapping[str, str] = {
    "okplatform/kernel/nudge.py": "Redis after commit: wakes the relay",
    "okplatform/parties/api/throttles.py": "Redis before the view: counts a key's calls",
    "okplatform/web/streams.py": "Redis after commit: what moves on a page",
    "okplatform/web/hub.py": "Redis in the streams' own process, which opens no transaction",
    "okplatform/web/health.py": "asks whether Redis answers",
    "okplatform/local/": "starts and asks after PostgreSQL and Redis; no Django, no transaction",
    "demo/replaying.py": "a client of our own server",
    "bench/": "the load generator is a client of our own server",
}


def imported(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield the line and full name of every import, those inside functions too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def reaches(name: str, targets: set[str]) -> bool:
    """Say whether an imported name is one of the targets or lies in one."""
    return any(name == target or name.startswith(f"{target}.") for target in targets)


def calls_to_the_outside(root: Path, doors: Mapping[str, str] = DOORS) -> list[Finding]:
    """Name imports of network modules outside a gateway."""
    return sorted(
        Finding(path, line, f"{name} is imported outside a gateway")
        for path, tree in modules(root)
        if "/gateways/" not in path and not path.startswith(tuple(doors))
        for line, name in imported(tree)
        if reaches(name, OUTSIDE)
    )
