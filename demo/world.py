"""Who and what the demo world consists of: people, merchants, programmes, offers. Facts only.

Everyone is invented. Addresses end in example.com and .example, which nobody can own (RFC 2606);
account and company numbers have valid check digits and belong to nobody.
"""

from dataclasses import dataclass

HOUSE_IBAN = "NL09RABO0190000001"
HOUSE_HOLDER = "Stichting Derdengelden OK"

PASSWORD = "welkom-bij-ok"  # noqa: S105 # printed by `make run`; production settings load no demo


PIN = "31415"
"""Every demo shopper's PIN for confirming; a phone's own PIN is chosen on that phone."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text in the two languages of OK."""

    nl: str
    en: str

    def as_dict(self) -> dict[str, str]:
        """Give it as models store it."""
        return {"nl": self.nl, "en": self.en}


@dataclass(frozen=True, slots=True)
class StoreFacts:
    """A store or webshop with its tills; `journey` is its number in the Complete Journey data."""

    reference: str
    name: str
    city: str
    channel: str = "in_store"
    tills: int = 1
    journey: int | None = None

    @property
    def till_references(self) -> list[str]:
        """Name the tills; what sells in a webshop counts as its one till."""
        if self.channel == "online":
            return ["site"]
        return [f"kassa-{number}" for number in range(1, self.tills + 1)]


@dataclass(frozen=True, slots=True)
class OfferFacts:
    """A percentage off for members, on the categories named (none: on everything)."""

    name: Text
    percentage_bp: int
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """A plan: a month and, per channel, (fixed, basis points); amounts in 1/100 cent."""

    code: str
    name: Text
    monthly: int
    in_store: tuple[int, int]
    online: tuple[int, int]


@dataclass(frozen=True, slots=True)
class MerchantFacts:
    """A merchant: its numbers, stores, and its programme, offer and plan if it has them.

    `address` is street, postal code and city.
    """

    reference: str
    name: str
    kvk: str
    vat_number: str
    iban: str
    stores: tuple[StoreFacts, ...]
    points: Text | None = None
    points_per_euro: int = 0
    cents_per_hundred_points: int = 0
    offer: OfferFacts | None = None
    plan: str = ""
    address: tuple[str, str, str] = ("Voorbeeldstraat 1", "1011 AA", "Amsterdam")


@dataclass(frozen=True, slots=True)
class StaffFacts:
    """Someone who works for a merchant, in all its stores or in one."""

    name: str
    email: str
    merchant: str
    role: str
    store: str | None = None


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """A shopper: bank accounts, where a member, and which merchants may know the name.

    `household` is the one of the sample whose history is this person's.
    """

    name: str
    email: str
    ibans: tuple[str, ...]
    member_of: tuple[str, ...] = ()
    known_to: tuple[str, ...] = ()
    language: str = "nl"
    mode: str = "live"
    household: int | None = None


@dataclass(frozen=True, slots=True)
class CardFacts:
    """A loyalty card of any brand: its code as (symbology, payload), and what happened to it.

    `booked` is (cents, what for); `shared_with` may use it too, and `others_booked` is theirs.
    """

    email: str
    name: str
    code: tuple[str, str]
    programme: str = ""
    colour: str = ""
    note: str = ""
    groups: tuple[str, ...] = ()
    booked: tuple[tuple[int, str], ...] = ()
    uses: int = 0
    starred: bool = False
    days_left: int | None = None
    shared_with: str = ""
    others_booked: tuple[int, str] | None = None


@dataclass(frozen=True, slots=True)
class PurchaseFacts:
    """Something a shopper bought with OK just before the demo started; `articles` by SKU."""

    email: str
    merchant: str
    store: str
    minutes_ago: int
    articles: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class CircleFacts:
    """Merchants whose points pay at each of them; the first began it, and the price is theirs."""

    name: str
    merchants: tuple[str, ...]
    cents_per_hundred_points: int


@dataclass(frozen=True, slots=True)
class FamilyFacts:
    """Two members of a merchant who spend their points together; they share a card too."""

    merchant: str
    keeper: str
    other: str


PLANS = (
    PlanFacts("start", Text("Start", "Start"), 0, (500, 25), (2_500, 90)),
    PlanFacts("groei", Text("Groei", "Growth"), 150_000, (325, 10), (1_500, 60)),
)

BOL, KRAMER, JOURNEY = "bakkerij-bol", "boekhandel-kramer", "journey-markt"
POINTS = Text("punten", "points")

MERCHANTS = (
    MerchantFacts(
        reference=BOL,
        name="Bakkerij Bol",
        kvk="30124501",
        vat_number="NL081230011B01",
        iban="NL77RABO0142500011",
        stores=(StoreFacts("utrecht", "Utrecht", "Utrecht"),),
        points=POINTS,
        points_per_euro=1,
        cents_per_hundred_points=500,
        offer=OfferFacts(Text("10 % korting op brood", "10 % off bread"), 1000, ("brood",)),
        address=("Twijnstraat 21", "3511 ZG", "Utrecht"),
    ),
    MerchantFacts(
        reference=KRAMER,
        name="Boekhandel Kramer",
        kvk="34217702",
        vat_number="NL081230023B01",
        iban="NL31ABNA0840022233",
        stores=(
            StoreFacts("haarlem", "Haarlem", "Haarlem", tills=2),
            StoreFacts("leiden", "Leiden", "Leiden"),
            StoreFacts("utrecht", "Utrecht", "Utrecht"),
            StoreFacts("alkmaar", "Alkmaar", "Alkmaar"),
            StoreFacts("webshop", "Webshop", "", channel="online"),
        ),
        points=POINTS,
        points_per_euro=1,
        offer=OfferFacts(
            Text("15 % ledenkorting op kookboeken", "15 % members' discount on cookery books"),
            1500,
            ("koken",),
        ),
        plan="groei",
        address=("Grote Houtstraat 70", "2011 SR", "Haarlem"),
    ),
    MerchantFacts(
        reference=JOURNEY,
        name="Journey Markt",
        kvk="61200903",
        vat_number="NL081230035B01",
        iban="NL60INGB0009900118",
        # The data has no webshop: the demo shows its busiest store after the first as one.
        stores=(
            StoreFacts("utrecht", "Utrecht", "Utrecht", tills=3, journey=367),
            StoreFacts("amersfoort", "Amersfoort", "Amersfoort", tills=2, journey=361),
            StoreFacts("zwolle", "Zwolle", "Zwolle", tills=2, journey=343),
            StoreFacts("webshop", "Webshop", "", channel="online", journey=406),
        ),
        points=Text("muntjes", "coins"),
        points_per_euro=2,
        offer=OfferFacts(
            Text("10 % ledenkorting op groente en fruit", "10 % members' discount on produce"),
            1000,
            ("produce",),
        ),
    ),
)

# The merchant of the full import; its stores come from the data.
COMPLETE_JOURNEY = MerchantFacts(
    reference="complete-journey",
    name="Complete Journey",
    kvk="61200904",
    vat_number="NL081230047B01",
    iban="NL38RABO0355112200",
    stores=(),
)
COMPLETE_JOURNEY_OWNER = StaffFacts(
    "Carla Jansen", "carla@complete-journey.example", COMPLETE_JOURNEY.reference, "owner"
)

STAFF = (
    StaffFacts("Bella Bol", "bella@bakkerij-bol.example", BOL, "owner"),
    StaffFacts("Sam Peters", "sam@bakkerij-bol.example", BOL, "cashier", "utrecht"),
    StaffFacts("Karel Kramer", "karel@boekhandel-kramer.example", KRAMER, "owner"),
    StaffFacts("Noor Bakker", "noor@boekhandel-kramer.example", KRAMER, "manager"),
    StaffFacts("Femke Visser", "femke@boekhandel-kramer.example", KRAMER, "finance"),
    StaffFacts("Mo Yilmaz", "mo@boekhandel-kramer.example", KRAMER, "marketer"),
    StaffFacts("Lisa Mulder", "lisa@boekhandel-kramer.example", KRAMER, "cashier", "haarlem"),
    StaffFacts("Judith Mol", "judith@journey-markt.example", JOURNEY, "owner"),
    StaffFacts("Tim Dekker", "tim@journey-markt.example", JOURNEY, "cashier", "utrecht"),
)

# One of OK's own people: decides about bank lines that no rule could match.
OFFICE = ("Anna de Boer", "anna@ok.example")

PEOPLE = (
    PersonFacts(
        name="Alice de Vries",
        email="alice@example.com",
        ibans=("NL88INGB0006284521", "NL12TRIO0198765432"),
        member_of=(BOL, KRAMER, JOURNEY),
        known_to=(BOL, KRAMER),
        household=1854,
    ),
    PersonFacts(
        name="Bob Jansen",
        email="bob@example.com",
        ibans=("NL67RABO0317709642",),
        member_of=(BOL, JOURNEY),
        household=303,
    ),
    # A member nowhere, known to nobody: what the till sees of most people.
    PersonFacts("Charlie Smit", "charlie@example.com", ("NL57ABNA0591234807",)),
    PersonFacts(
        name="Erin Walker",
        email="erin@example.com",
        ibans=("NL23BUNQ2025123456",),
        member_of=(KRAMER,),
        known_to=(KRAMER,),
        language="en",
    ),
    # For the sandbox: her codes work with test keys only.
    PersonFacts(
        name="Tessa Test",
        email="tessa@example.com",
        ibans=("NL89INGB0004417738",),
        member_of=(BOL, KRAMER, JOURNEY),
        known_to=(BOL, KRAMER, JOURNEY),
        mode="test",
    ),
)

CIRCLE = CircleFacts("Winkelstraat", (BOL, KRAMER), 400)
FAMILY = FamilyFacts(BOL, "alice@example.com", "bob@example.com")

PURCHASES = (
    PurchaseFacts("alice@example.com", BOL, "utrecht", 38, (("101", 2), ("114", 4), ("122", 1))),
    PurchaseFacts("alice@example.com", KRAMER, "haarlem", 25, (("2021", 1), ("2063", 2))),
    PurchaseFacts("bob@example.com", BOL, "utrecht", 12, (("107", 1), ("110", 3))),
)

CARDS = (
    CardFacts(
        "alice@example.com",
        "Bonuskaart",
        ("ean_13", "2620001234563"),
        programme="bonuskaart",
        uses=41,
        starred=True,
    ),
    CardFacts(
        "alice@example.com", "IKEA Family", ("code_128", "6275980312345"), "ikea-family", uses=6
    ),
    CardFacts(
        "alice@example.com",
        "Museumkaart",
        ("qr_code", "MK-0000-4521"),
        "museumkaart",
        groups=("Uitjes",),
        uses=3,
        days_left=240,
    ),
    CardFacts(
        "alice@example.com",
        "Bibliotheek",
        ("codabar", "A20012345678A"),
        "bibliotheek",
        groups=("Uitjes",),
        uses=9,
        days_left=24,
    ),
    CardFacts(
        "alice@example.com",
        "Boekenbon",
        ("ean_13", "2741005583010"),
        colour="#6e3fa3",
        note="Van oma, voor Sinterklaas",
        booked=((5000, "Cadeau"), (-1795, "Prentenboek")),
        uses=2,
        days_left=700,
        shared_with="bob@example.com",
        others_booked=(-1250, "Puzzelboek"),
    ),
    CardFacts("bob@example.com", "HEMA", ("ean_13", "2987654002100"), "hema", uses=12),
)
"""Numbers in the range that shops give out themselves (prefix 2), or of nobody."""
