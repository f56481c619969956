import hashlib
import hmac
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from wallet import keys

PHONE = UUID("6f1d2c3b-4a59-4687-8796-a5b4c3d2e1f0")

# NIST CAVP, ECC CDH primitive, P-256, COUNT = 0: both private keys' public points and the shared
# x-coordinate.
PEER_X = "700c48f77f56584c5cc632ca65640db91b6bacce3a4df6b42ce7cc838833d287"
PEER_Y = "db71e509e3fd9b060ddb20ba5c51dcc5948d46fbf640dfe0441782cab85fa4ac"
PRIVATE = 0x7D7DC5F71EB29DDAF80D6214632EEAE03D9058AF1FB6D22ED80BADB62BC1A534
SHARED = "46fc62106420ff012e54a434fbdd2d25ccc5852060561e68040dd7778997bd7b"


def hkdf_by_hand(secret: bytes, info: bytes) -> bytes:
    """RFC 5869 written out for one block: extract, then the first (and only) expansion."""
    extracted = hmac.new(b"ok-wallet-code-v1", secret, hashlib.sha256).digest()
    return hmac.new(extracted, info + b"\x01", hashlib.sha256).digest()


def test_the_key_is_hkdf_over_the_shared_secret_of_a_published_vector() -> None:
    own = ec.derive_private_key(PRIVATE, ec.SECP256R1())
    peer = bytes.fromhex("04" + PEER_X + PEER_Y)
    derived = keys.derive(own=own, other_point=peer, device_uuid=PHONE)
    assert derived == hkdf_by_hand(bytes.fromhex(SHARED), PHONE.bytes)


def test_both_sides_derive_the_same_key() -> None:
    phone = ec.generate_private_key(ec.SECP256R1())
    on_phone = keys.derive(own=phone, other_point=keys.server_point(), device_uuid=PHONE)
    assert keys.device_key(PHONE, keys.point(phone)) == on_phone


def test_the_same_key_pair_enrolled_twice_gives_two_keys() -> None:
    phone = keys.point(ec.generate_private_key(ec.SECP256R1()))
    assert keys.device_key(PHONE, phone) != keys.device_key(UUID(int=1), phone)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x04" + bytes(64),
        b"\x04" + b"\xff" * 64,
        b"\x02" + bytes(32),
        b"\x00" * 65,
        bytes.fromhex("04" + PEER_X + PEER_X),
    ],
    ids=["empty", "zero", "off field", "compressed", "infinity", "off curve"],
)
def test_bytes_that_are_no_point_are_refused(raw: bytes) -> None:
    with pytest.raises(keys.MalformedPublicKeyError):
        keys.public_key(raw)
