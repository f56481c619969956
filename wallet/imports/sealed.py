"""Opens what WinZip's AES seals, as Catima does with a password (pure).

AE-1 and AE-2 after WinZip, "AES Encryption Information: Encryption Specification AE-1 and AE-2":
salt, two bytes that check the password, AES in counter mode (a counter that is little-endian, from
1), ten bytes of HMAC-SHA-1. Keys by PBKDF2 with 1,000 rounds.
"""

import hashlib
import hmac
import struct

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from wallet.imports.rows import Unreadable

ROUNDS = 1_000
BLOCK = 16
CHECK = 2
SEAL = 10
KEY_BYTES = {1: 16, 2: 24, 3: 32}
EXTRA = 0x9901
EXTRA_LAYOUT = struct.Struct("<H2sBH")


def how_sealed(extra: bytes) -> tuple[int, int]:
    """Return the bytes of the key and the method of packing, as the entry's extra field says."""
    at = 0
    while at + 4 <= len(extra):
        name, size = struct.unpack_from("<HH", extra, at)
        if name == EXTRA and size == EXTRA_LAYOUT.size and at + 4 + size <= len(extra):
            _version, _vendor, strength, method = EXTRA_LAYOUT.unpack_from(extra, at + 4)
            if strength in KEY_BYTES:
                return KEY_BYTES[strength], method
        at += 4 + size
    raise Unreadable("zip_broken")


def unsealed(sealed: bytes, password: bytes, key_bytes: int) -> bytes:
    """Return what was sealed, still packed; raises ``Unreadable`` for a wrong password."""
    salt = key_bytes // 2
    if len(sealed) < salt + CHECK + SEAL:
        raise Unreadable("zip_broken")
    keys = hashlib.pbkdf2_hmac("sha1", password, sealed[:salt], ROUNDS, 2 * key_bytes + CHECK)
    if not hmac.compare_digest(keys[-CHECK:], sealed[salt : salt + CHECK]):
        raise Unreadable("password_wrong")
    inside, seal = sealed[salt + CHECK : -SEAL], sealed[-SEAL:]
    told = hmac.digest(keys[key_bytes : 2 * key_bytes], inside, "sha1")[:SEAL]
    if not hmac.compare_digest(told, seal):
        raise Unreadable("zip_broken")
    return _counted(inside, keys[:key_bytes])


def _counted(text: bytes, key: bytes) -> bytes:
    blocks = -(-len(text) // BLOCK)
    counters = b"".join(nth.to_bytes(BLOCK, "little") for nth in range(1, blocks + 1))
    # Counter mode by hand, because the counter is little-endian; each block is another one.
    cipher = Cipher(algorithms.AES(key), modes.ECB()).encryptor()  # noqa: S305
    stream = cipher.update(counters)[: len(text)]
    mixed = int.from_bytes(text, "big") ^ int.from_bytes(stream, "big")
    return mixed.to_bytes(len(text), "big")
