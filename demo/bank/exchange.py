"""The bank's own SFTP client: carries files between its folder and the one it shares with OK.

OK's folder of an account has ``outgoing``, from which files for the bank are taken, and
``incoming``, where its answers are laid down (``OK_BANK_FOLDER`` in docs/settings.md). All of it
lies on one disk, so a file changes place in one step: whoever is killed has moved it or has not.
"""

from pathlib import Path


class TwoAccounts(RuntimeError):  # noqa: N818 -- it is what there is too much of
    """OK has several accounts here, and the bank cannot tell whose an answer is."""


def exchange(bank: Path, *, shared: Path) -> int:
    """Carry what waits for the one account below ``shared``, both ways; return how many files.

    Raises ``TwoAccounts``.
    """
    accounts = sorted(path for path in shared.glob("*") if path.is_dir())
    if not accounts:
        return 0
    if len(accounts) > 1:
        raise TwoAccounts(f"{shared} has {len(accounts)} accounts.")
    carried = _carry(accounts[0] / "outgoing", bank / "in")
    return carried + _carry(bank / "out", accounts[0] / "incoming")


def _carry(source: Path, target: Path) -> int:
    source.mkdir(parents=True, exist_ok=True)
    target.mkdir(parents=True, exist_ok=True)
    waiting = sorted(
        path
        for path in source.iterdir()
        if path.name.endswith(".xml") and not path.name.startswith(".")
    )
    for path in waiting:
        path.rename(target / path.name)
    return len(waiting)
