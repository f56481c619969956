"""Zips with a password, made here the way old zips and Catima lock theirs."""

import hashlib
import hmac
import io
import random
import struct
import zipfile

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from django.test import Client

from okplatform.parties.models import Person
from tests.wallet.test_card_imports import ENGLISH, sent, text_of
from tests.wallet.test_reading_files import CSV, zipped

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(alice: Person) -> Client:
    client = Client(headers=ENGLISH)
    client.force_login(alice)
    return client


def locked(content: bytes, password: str) -> bytes:
    """Encrypt the one file of a zip the old way (PKWARE APPNOTE 6.1), which Python only reads."""
    keys = [0x12345678, 0x23456789, 0x34567890]

    def crc(value: int, byte: int) -> int:
        value ^= byte
        for _bit in range(8):
            value = value >> 1 ^ (0xEDB88320 if value & 1 else 0)
        return value

    def update(byte: int) -> None:
        keys[0] = crc(keys[0] & ~0xFF | keys[0] & 0xFF, byte)
        keys[1] = ((keys[1] + (keys[0] & 0xFF)) * 134775813 + 1) & 0xFFFFFFFF
        keys[2] = crc(keys[2], keys[1] >> 24)

    def encrypted(byte: int) -> int:
        mix = (keys[2] | 2) & 0xFFFF
        update(byte)
        return byte ^ ((mix * (mix ^ 1)) >> 8 & 0xFF)

    (entry,) = zipfile.ZipFile(io.BytesIO(content)).infolist()
    start = 30 + len(entry.filename)
    packed = content[start : start + entry.compress_size]
    for byte in password.encode():
        update(byte)
    head = random.Random(1).randbytes(11) + bytes([entry.CRC >> 24])
    body = bytes(encrypted(byte) for byte in head + packed)
    central = content.index(b"PK\x01\x02")
    out = bytearray(content[:start] + body + content[central:])
    moved = central + 12
    out[6] |= 1
    out[18:22] = len(body).to_bytes(4, "little")
    out[moved + 8] |= 1
    out[moved + 20 : moved + 24] = len(body).to_bytes(4, "little")
    end = out.index(b"PK\x05\x06")
    out[end + 16 : end + 20] = moved.to_bytes(4, "little")
    return bytes(out)


def test_a_zip_with_a_password_asks_for_it(browser: Client, alice: Person) -> None:
    content = locked(zipped({"catima.csv": CSV}), "geheim")
    for password, sentence in (("", "has a password"), ("fout", "does not open the zip")):
        answer = sent(browser, content, password)
        assert answer.status_code == 422
        assert sentence in text_of(answer)
        assert '<details class="card-import-more" open>' in text_of(answer)
    assert sent(browser, content, "geheim").status_code == 302


def sealed(content: bytes, password: str, *, strength: int = 3) -> bytes:
    """Encrypt the one file of a zip as Catima does: WinZip's AE-2, block by block."""
    (entry,) = zipfile.ZipFile(io.BytesIO(content)).infolist()
    start = 30 + len(entry.filename)
    packed = content[start : start + entry.compress_size]
    size = {1: 16, 3: 32}[strength]
    salt = bytes(range(size // 2))
    keys = hashlib.pbkdf2_hmac("sha1", password.encode(), salt, 1000, 2 * size + 2)
    inside = bytearray()
    for nth in range(0, len(packed), 16):
        cipher = Cipher(algorithms.AES(keys[:size]), modes.ECB()).encryptor()  # noqa: S305 -- as the format has it
        mask = cipher.update((nth // 16 + 1).to_bytes(16, "little"))
        inside += bytes(a ^ b for a, b in zip(packed[nth : nth + 16], mask, strict=False))
    seal = hmac.digest(keys[size : 2 * size], bytes(inside), "sha1")[:10]
    body = salt + keys[-2:] + bytes(inside) + seal
    extra = struct.pack("<HHH2sBH", 0x9901, 7, 2, b"AE", strength, entry.compress_type)
    name = entry.filename.encode()
    common = struct.pack(
        "<HHHHHIIIHH",
        51,
        1,
        99,
        0,
        33,
        0,
        len(body),
        entry.file_size,
        len(name),
        len(extra),
    )
    local = b"PK\x03\x04" + common + name + extra + body
    central = b"PK\x01\x02\x33\x00" + common + bytes(6) + bytes(4) + bytes(4) + name + extra
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 1, 1, len(central), len(local), 0)
    return local + central + end


@pytest.mark.parametrize("strength", [1, 3])
def test_a_zip_sealed_with_aes_opens_with_its_password(browser: Client, strength: int) -> None:
    content = sealed(zipped({"catima.csv": CSV}), "geheim", strength=strength)
    for password, sentence in (("", "has a password"), ("fout", "does not open the zip")):
        assert sentence in text_of(sent(browser, content, password))
    assert sent(browser, content, "geheim").status_code == 302
    changed = content.replace(content[80:90], bytes(10))
    assert "This zip is damaged" in text_of(sent(browser, changed, "geheim"))
