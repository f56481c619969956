import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import ean

from wallet.programmes import COLOURS, PROGRAMMES, is_dark, luminance
from wallet.symbologies import (
    LATIN_1,
    SYMBOLOGIES,
    UTF_8,
    Unfit,
    check_digit,
    encoding_for,
    from_readable,
    readable,
    unfit,
    upc_a_of,
)


def verdict(symbology: str, payload: str) -> Unfit | None:
    return unfit(SYMBOLOGIES[symbology], payload, encoding_for(payload))


@pytest.mark.parametrize(
    ("symbology", "payload", "expected"),
    [
        ("ean_13", "2620012345678", None),
        ("ean_13", "2620012345677", Unfit.CHECK_DIGIT),
        ("ean_13", "262001234567", Unfit.LENGTH),
        ("ean_13", "26200123456a6", Unfit.CHARACTERS),
        ("ean_8", "00000000", None),
        ("upc_a", "036000291452", None),
        ("upc_e", "01234565", None),
        ("upc_e", "01234566", Unfit.CHECK_DIGIT),
        ("upc_e", "21234565", Unfit.CHARACTERS),
        ("itf", "001234", None),
        ("itf", "0012345", Unfit.EVEN),
        ("itf", "0012", Unfit.LENGTH),
        ("code_39", "abc", Unfit.CHARACTERS),
        ("code_39", "A-1 %", None),
        ("code_128", "\x1dabc", None),
        ("code_128", "café", Unfit.CHARACTERS),
        ("code_128", "1" * 81, Unfit.TOO_LONG),
        ("codabar", "A123B", None),
        ("codabar", "A123", Unfit.CHARACTERS),
        ("qr_code", "", Unfit.EMPTY),
        ("qr_code", "\x00", Unfit.CHARACTERS),
        ("qr_code", "日本", None),
        ("qr_code", "é" * 2001, Unfit.TOO_LONG),
        ("aztec", "é" * 1500, None),
        ("gs1_128", "10ABC\x1d21X", None),
        ("gs1_128", "with space", Unfit.CHARACTERS),
        ("databar", "01234567890128", None),
    ],
)
def test_a_symbology_says_what_it_cannot_carry(
    symbology: str, payload: str, expected: Unfit | None
) -> None:
    assert verdict(symbology, payload) == expected


@given(st.from_regex(r"\A[0-9]{12}\Z"))
def test_check_digits_are_those_of_gs1(digits: str) -> None:
    assert check_digit(SYMBOLOGIES["ean_13"], f"{digits}0") == ean.calc_check_digit(digits)


def test_upc_e_stands_for_the_upc_a_of_the_standard() -> None:
    assert upc_a_of("04252614") == "042100005264"
    assert upc_a_of("01234565") == "012345000065"


def test_text_is_latin_1_wherever_it_fits() -> None:
    assert [encoding_for(text) for text in ("", "abc", "café", "€")] == [LATIN_1] * 3 + [UTF_8]
    assert unfit(SYMBOLOGIES["qr_code"], "€", LATIN_1) == Unfit.CHARACTERS


def test_control_characters_can_be_seen() -> None:
    assert readable(" a\x1d b\x7f") == "␠a␝ b␡"


@given(st.text(st.characters(codec="latin-1"), min_size=1))
def test_what_is_typed_over_from_the_screen_is_the_same_code(payload: str) -> None:
    assert from_readable(readable(payload)) == payload.strip("\x85\xa0")


def test_every_name_elsewhere_is_one_symbology() -> None:
    for kind in ("catima", "pkpass"):
        names = [getattr(one, kind) for one in SYMBOLOGIES.values() if getattr(one, kind)]
        assert len(names) == len(set(names))


def test_programmes_have_symbologies_that_exist_and_colours_one_can_read_on() -> None:
    for programme in PROGRAMMES.values():
        assert programme.symbology in {"", *SYMBOLOGIES}
    for colour in (*COLOURS, *(programme.colour for programme in PROGRAMMES.values())):
        ground = luminance(colour) + 0.05
        assert (1.05 / ground if is_dark(colour) else ground / 0.05) >= 4.5


def test_a_number_is_held_against_its_programme() -> None:
    assert PROGRAMMES["bonuskaart"].fits("2620012345678")
    assert not PROGRAMMES["bonuskaart"].fits("262001234567")
    assert PROGRAMMES["hema"].fits("whatever")
