"""Every pair of colours a page may use is computed from tokens.css, in the light and in the dark.

The formula is WCAG 2.2's contrast ratio: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio
"""

import re
from collections.abc import Iterator

import pytest
from django.conf import settings

CSS = settings.BASE_DIR / "static" / "css"
TOKENS = (CSS / "tokens.css").read_text()
TEXT = 4.5
"""What text needs (1.4.3); the border of a control and a graphic need CONTROL (1.4.11)."""
CONTROL = 3.0

ON_PAPER_AND_CARD = ["ink", "ink-2", "ink-3", "ok", "warn"]
TEXT_PAIRS = [
    *[(ink, ground) for ink in ON_PAPER_AND_CARD for ground in ("paper", "card")],
    ("on-ok", "ok"),
    ("on-ok", "ok-strong"),
    ("on-ok-soft", "ok-soft"),
    ("ok-strong", "paper"),
    ("ok-strong", "card"),
    ("online", "card"),
    ("on-online-soft", "online-soft"),
    ("on-online-soft", "card"),
    ("on-warn", "warn"),
    ("on-warn", "warn-strong"),
    ("on-warn-soft", "warn-soft"),
    ("on-wait-soft", "wait-soft"),
    ("ink-2", "track"),
    ("paper", "ink"),
]
CONTROL_PAIRS = [
    ("edge", "card"),
    ("edge", "paper"),
    ("ok", "card"),
    ("ok", "paper"),
    ("online", "paper"),
    ("warn", "card"),
]


def _tokens(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6});", block))


def _block(opening: str) -> str:
    return TOKENS.split(opening, 1)[1].split("}", 1)[0]


LIGHT = _tokens(_block(":root {"))
DARK = _tokens(_block(':root[data-theme="dark"] {'))
DEVICE_DARK = _tokens(_block(":root:not([data-theme]) {"))


def _luminance(colour: str) -> float:
    channels = [int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), TEXT_PAIRS)
def test_text_can_be_read_on_its_ground(tokens: dict[str, str], ink: str, ground: str) -> None:
    assert _contrast(tokens[ink], tokens[ground]) >= TEXT


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("edge", "ground"), CONTROL_PAIRS)
def test_a_control_can_be_seen_on_its_ground(
    tokens: dict[str, str], edge: str, ground: str
) -> None:
    assert _contrast(tokens[edge], tokens[ground]) >= CONTROL


def test_the_dark_of_the_device_is_the_dark_one_chooses() -> None:
    assert DEVICE_DARK == DARK
    assert DARK.keys() == LIGHT.keys()


def test_the_white_card_carries_the_light_tokens_into_the_dark() -> None:
    white = _tokens((CSS / "card.css").read_text().split(".card-white {", 1)[1].split("}", 1)[0])
    assert white == {name: LIGHT[name] for name in white}


COLOUR = r"(#[0-9a-f]{6}|light-dark\(#[0-9a-f]{6}, #[0-9a-f]{6}\));"


def _light_and_dark(colour: str) -> list[str]:
    colours = re.findall("#[0-9a-f]{6}", colour)
    return colours if len(colours) == 2 else colours * 2


def _own_pairs(rule: str) -> Iterator[tuple[str, str]]:
    """The inks with their grounds that a rule names itself, in the light and in the dark."""
    inks = re.findall(r"(?<![\w-])color: " + COLOUR, rule)
    grounds = re.findall("background(?:-color)?: " + COLOUR, rule)
    for ink, ground in zip(inks, grounds, strict=False):
        yield from zip(_light_and_dark(ink), _light_and_dark(ground), strict=True)


def test_a_stylesheet_that_picks_its_own_pair_picks_a_readable_one() -> None:
    for sheet in CSS.glob("*.css"):
        for rule in re.findall(r"\{([^{}]*)\}", sheet.read_text()):
            for ink, ground in _own_pairs(rule):
                assert _contrast(ink, ground) >= TEXT, f"{sheet.name}: {rule}"


def test_no_mark_of_a_shop_escapes_the_check() -> None:
    marks = re.findall(r"\.mark-\d \{([^{}]*)\}", (CSS / "list.css").read_text())
    assert len(marks) == 5
    for mark in marks:
        assert len(set(_own_pairs(mark))) == 2
