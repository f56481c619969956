import hashlib
import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wallet import codes
from wallet.codes import MalformedCodeError, WalletCode

KEY = bytes(range(32))
NOON = datetime(2026, 11, 21, 12, 0, 0, tzinfo=UTC)

keys = st.binary(min_size=32, max_size=32)
handles = st.integers(0, codes.HANDLES - 1)
tags = st.integers(0, codes.TAGS - 1)
moments = st.datetimes(
    datetime(2020, 1, 1),  # noqa: DTZ001 -- hypothesis adds the zone
    datetime(2100, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)


def tag_by_hand(key: bytes, handle: int, step: int) -> int:
    """RFC 2104 written out, so that the vector does not lean on the code under test."""
    block = key.ljust(64, b"\0")
    inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in block) + b"OK1" + b"%010d" % handle)
    inner.update(bytes((step >> shift) & 0xFF for shift in range(56, -1, -8)))
    outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in block) + inner.digest())
    return int(outer.hexdigest()[:16], 16) % 10_000_000_000


@given(keys, handles, st.integers(0, 2**40))
def test_the_tag_is_the_hmac_of_the_formula(key: bytes, handle: int, step: int) -> None:
    assert codes.tag(key=key, handle=handle, step=step) == tag_by_hand(key, handle, step)


def test_a_known_code_stays_what_it_is() -> None:
    # printf 'OK10482173905<step, 8 bytes>' | openssl dgst -sha256 -mac HMAC -macopt
    # hexkey:000102…1f begins with a3598b7f98670008, which modulo 10^10 is the tag. Phones in the
    # field rely on it.
    assert codes.step_at(NOON) == 89763120
    assert codes.code_at(key=KEY, handle=482173905, moment=NOON) == "9304821739051243496456"
    assert int("a3598b7f98670008", 16) % 10**10 == 1243496456


@given(handles, tags)
def test_a_code_is_22_digits_that_read_back(handle: int, tag: int) -> None:
    text = codes.format_code(WalletCode(handle, tag))
    assert re.fullmatch(r"93\d{20}", text)
    assert codes.parse(text) == WalletCode(handle, tag)
    grouped = " ".join(text[start : start + 4] for start in range(0, 22, 4))
    assert codes.parse(grouped) == WalletCode(handle, tag)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "93",
        "930482173905917129004",
        "93048217390591712900411",
        "9204821739059171290041",
        "93048217390591712900a1",
        "93048217390\N{FULLWIDTH DIGIT FIVE}9171290041",
        "9304821739059171290041\n",
        "-304821739059171290041",
        "8718907400718",
    ],
)
def test_anything_else_is_no_code(text: str) -> None:
    with pytest.raises(MalformedCodeError):
        codes.parse(text)


@given(keys, handles, moments)
def test_a_code_counts_for_its_step_and_one_to_each_side(
    key: bytes, handle: int, moment: datetime
) -> None:
    code = codes.parse(codes.code_at(key=key, handle=handle, moment=moment))
    accepted = [
        codes.matches(
            key=key,
            code=code,
            steps=codes.accepted_steps(moment + timedelta(seconds=late * codes.STEP_SECONDS)),
        )
        for late in (-2, -1, 0, 1, 2)
    ]
    assert accepted == [False, True, True, True, False]


@given(moments)
def test_a_code_expires_within_sixty_seconds(moment: datetime) -> None:
    expiry = codes.expiry(moment)
    assert timedelta(seconds=20) < expiry - moment <= timedelta(seconds=40)
    last = expiry - timedelta(microseconds=1)
    assert codes.step_at(moment) in codes.accepted_steps(last)
    assert codes.step_at(moment) not in codes.accepted_steps(expiry)


@given(keys, keys, handles, moments)
def test_another_phone_shows_another_tag(
    key: bytes, other: bytes, handle: int, moment: datetime
) -> None:
    code = codes.parse(codes.code_at(key=key, handle=handle, moment=moment))
    expected = key == other
    assert codes.matches(key=other, code=code, steps=[codes.step_at(moment)]) is expected


def test_printing_a_code_shows_nothing_of_it() -> None:
    assert repr(WalletCode(4821739058, 2614700931)) == "WalletCode(…)"
