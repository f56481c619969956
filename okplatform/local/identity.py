"""As whom PostgreSQL runs, since it refuses to be root."""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from okplatform.local.errors import LocalError
from okplatform.local.layout import NOBODY


@dataclass(frozen=True, slots=True)
class Identity:
    """A command `prefix` under which PostgreSQL agrees to run, and the `owner` of its files."""

    prefix: tuple[str, ...]
    owner: int

    def give(self, folder: Path) -> None:
        """Make `folder` belong to the owner and to nobody else."""
        folder.mkdir(mode=0o700, exist_ok=True)
        if folder.stat().st_uid != self.owner:
            shutil.chown(folder, self.owner)

    def require_access(self, path: Path) -> None:
        """Refuse a `path` that PostgreSQL would not be able to reach."""
        if not _runs([*self.prefix, "test", "-x", str(path)]):
            raise LocalError(
                f"PostgreSQL does not run as root, and the user it runs as cannot reach {path}: "
                "move OK out of a closed home folder, or start it as an ordinary user."
            )


@cache
def postgres_identity() -> Identity:
    """Choose as whom PostgreSQL runs: it wants a user who is not root and has a name.

    An ordinary user is what he is. Root, or a number without a name, stays the owner of the files
    and only looks like `nobody` from inside a user namespace: no second account, no folder opened
    up to it. Where namespaces are forbidden (most containers) root's PostgreSQL becomes `nobody`.
    """
    uid = os.geteuid()
    if uid != 0 and _has_name(uid):
        return Identity(prefix=(), owner=uid)
    namespace = ("unshare", "--user", f"--map-user={NOBODY}", f"--map-group={NOBODY}")
    if shutil.which("unshare") and _runs([*namespace, "true"]):
        return Identity(prefix=namespace, owner=uid)
    if uid == 0:
        become = ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups")
        return Identity(prefix=become, owner=NOBODY)
    raise LocalError(f"PostgreSQL does not run as user {uid}, who has no name on this machine.")


def _has_name(uid: int) -> bool:
    try:
        return bool(pwd.getpwuid(uid).pw_name)
    except KeyError:
        return False


def _runs(command: list[str]) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0
