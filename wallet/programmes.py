"""Programmes of Dutch shops that a card may belong to: name, colours, what its number looks like.

Pure. A colour is the ground of a tile, near what the shop itself paints with; it is no logo. A
check of numbers stands only where its source is written beside it: a wrong one would refuse a good
card. Everything else is left open.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """A programme; ``digits`` and ``symbology`` are empty where nobody is sure of them."""

    slug: str
    name: str
    issuer: str
    colour: str
    symbology: str = ""
    digits: int = 0

    def fits(self, number: str) -> bool:
        """Say whether a number may be one of this programme."""
        return not self.digits or (number.isdecimal() and len(number) == self.digits)


_ALL = (
    Programme(
        slug="bonuskaart",
        name="Bonuskaart",
        issuer="Albert Heijn",
        colour="#00ade6",
        # On the plastic cards: EAN-13, in the range of shops' own numbers (prefix 2). Programs that
        # read the number from ah.nl expect 13 digits too.
        symbology="ean_13",
        digits=13,
    ),
    Programme(slug="air-miles", name="Air Miles", issuer="Loyalty Management", colour="#0073cf"),
    Programme(slug="extras", name="Jumbo Extra's", issuer="Jumbo", colour="#ffcc00"),
    Programme(slug="kruidvat", name="Kruidvat", issuer="Kruidvat", colour="#e2001a"),
    Programme(slug="trekpleister", name="Trekpleister", issuer="Trekpleister", colour="#d6006d"),
    Programme(slug="etos", name="Mijn Etos", issuer="Etos", colour="#00539f"),
    Programme(slug="hema", name="HEMA", issuer="HEMA", colour="#d9002a"),
    Programme(slug="ikea-family", name="IKEA Family", issuer="IKEA", colour="#0058a3"),
    Programme(slug="gamma", name="GAMMA", issuer="GAMMA", colour="#003878"),
    Programme(slug="karwei", name="Karwei", issuer="Karwei", colour="#1c1c1c"),
    Programme(slug="praxis", name="Praxis", issuer="Praxis", colour="#ffd500"),
    Programme(slug="bruna", name="Bruna", issuer="Bruna", colour="#e30613"),
    Programme(slug="douglas", name="Douglas Beauty Card", issuer="Douglas", colour="#9bdbd3"),
    Programme(slug="ici-paris-xl", name="ICI PARIS XL", issuer="ICI PARIS XL", colour="#e5007e"),
    Programme(slug="intratuin", name="Intratuin", issuer="Intratuin", colour="#00703c"),
    Programme(slug="decathlon", name="Decathlon", issuer="Decathlon", colour="#3643ba"),
    Programme(slug="hm", name="H&M Member", issuer="H&M", colour="#cc071e"),
    Programme(
        slug="holland-barrett",
        name="Holland & Barrett",
        issuer="Holland & Barrett",
        colour="#00594f",
    ),
    Programme(slug="gall", name="Gall & Gall", issuer="Gall & Gall", colour="#6e1b33"),
    Programme(slug="primera", name="Primera", issuer="Primera", colour="#e2007a"),
    Programme(slug="blokker", name="Blokker", issuer="Blokker", colour="#ff6600"),
    Programme(slug="action", name="Action", issuer="Action", colour="#0070b8"),
    Programme(slug="lidl-plus", name="Lidl Plus", issuer="Lidl", colour="#0050aa"),
    Programme(slug="plus", name="PLUS", issuer="PLUS", colour="#007a3d"),
    Programme(slug="spar", name="SPAR", issuer="SPAR", colour="#00843d"),
    Programme(slug="boni", name="Boni", issuer="Boni", colour="#d4001a"),
    Programme(slug="shell-go", name="Shell GO+", issuer="Shell", colour="#fbce07"),
    Programme(slug="esso-extras", name="Esso Extras", issuer="Esso", colour="#0c2577"),
    Programme(slug="bijenkorf", name="de Bijenkorf", issuer="de Bijenkorf", colour="#111111"),
    Programme(slug="rituals", name="My Rituals", issuer="Rituals", colour="#3b2b20"),
    Programme(slug="anwb", name="ANWB", issuer="ANWB", colour="#ffcc00"),
    Programme(slug="museumkaart", name="Museumkaart", issuer="Museumvereniging", colour="#e4002b"),
    Programme(slug="cjp", name="CJP", issuer="CJP", colour="#ff3c00"),
    Programme(slug="pathe", name="Pathé", issuer="Pathé", colour="#ffc426"),
    Programme(slug="bibliotheek", name="Bibliotheek", issuer="Bibliotheek", colour="#e75113"),
)
PROGRAMMES: Mapping[str, Programme] = {programme.slug: programme for programme in _ALL}
_BY_NAME = {
    name.casefold(): programme.slug
    for programme in _ALL
    for name in (programme.issuer, programme.name)
}


def brand_of(name: str) -> str:
    """Return the brand that a name stands for: a slug of ours, else the name as one compares it.

    By the name of the programme or of whoever issues it, so that a card that was imported, and a
    shop that is in no list of ours, have a brand too.
    """
    plain = " ".join(name.split()).casefold()
    return _BY_NAME.get(plain, plain)


def brands_of(*, programme: str, issuer: str, name: str) -> list[str]:
    """Return what may be the brand of a card, the surest first."""
    brands = [programme, brand_of(issuer), brand_of(name)]
    return list(dict.fromkeys(filter(None, brands)))


def brand_name(brand: str, written: str) -> str:
    """Return a brand as people read it: by our list, else as it was written."""
    return PROGRAMMES[brand].name if brand in PROGRAMMES else " ".join(written.split())


COLOURS = (
    "#0a7f52",
    "#00539f",
    "#0089a8",
    "#6e3fa3",
    "#c2185b",
    "#c23c22",
    "#e58a00",
    "#ffd23f",
    "#5d6b66",
    "#12211c",
)
"""Grounds for a card of no programme that we know."""


def luminance(colour: str) -> float:
    """Return the relative luminance of ``#rrggbb`` (WCAG 2.2, "relative luminance")."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def is_dark(colour: str) -> bool:
    """Say whether white reads better on a ground than black; one of both has 4.5:1 on any."""
    ground = luminance(colour)
    return 1.05 / (ground + 0.05) >= (ground + 0.05) / 0.05
