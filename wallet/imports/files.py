"""Finds out which app made a file, and lets its reader read it (pure)."""

import zipfile
from io import BytesIO

from wallet.imports import catima, fidme, pkpass, stocard, voucher_vault
from wallet.imports.archive import Archive
from wallet.imports.rows import Found, Unreadable

SOURCES = {
    "catima": "Catima",
    "fidme": "FidMe",
    "voucher_vault": "Voucher Vault",
    "stocard": "Stocard",
    "pkpass": "Wallet",
}
"""The apps by the name that their people know."""


def read_file(content: bytes, password: str = "") -> Found:
    """Return the rows of a file, whatever app made it; raises ``Unreadable``."""
    if not content:
        raise Unreadable("no_cards")
    if zipfile.is_zipfile(BytesIO(content)):
        return _archive(Archive(content, password))
    if content.startswith(b"PK"):
        raise Unreadable("zip_broken")
    if voucher_vault.looks_like(content):
        return voucher_vault.read_json(content)
    if catima.looks_like(content):
        return catima.read_csv(content)
    raise Unreadable("not_known")


def _archive(archive: Archive) -> Found:
    if archive.find(catima.NAME):
        return catima.read_archive(archive)
    if archive.find(fidme.NAME):
        return fidme.read_archive(archive)
    if stocard.looks_like(archive):
        return stocard.read_archive(archive)
    if pkpass.looks_like(archive):
        return pkpass.read_archive(archive)
    vaults = [name for name in archive.names if name.endswith(".json")]
    if len(archive.names) == len(vaults) == 1:
        return voucher_vault.read_json(archive.read(vaults[0]))
    raise Unreadable("not_known")
