"""What a person reads before saying yes, by purpose, version and language.

A text that was ever shown never changes: a new wording is a new version, and a consent says which
one was read. Pure data, apart from gettext, so that nobody can change a consent's text by editing a
translation; ``wallet.actions.keep_wordings`` keeps each in the database, where it stays as it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class ConsentText:
    """A purpose in the reader's words: what it is, and what exactly is allowed."""

    title: str
    summary: str
    full: str

    def about(self, merchant: str) -> "ConsentText":
        """Return the text as it reads for one merchant."""
        return replace(self, full=self.full.format(merchant=merchant))


CURRENT_VERSION = {
    "identity": 1,
    "contact": 1,
    "purchases": 1,
    "preferences": 1,
    "recognition": 1,
    "offers": 1,
    "birthday": 1,
    "mail": 1,
    "push": 1,
    "allergies": 1,
}

_TEXTS = {
    ("identity", 1, "nl"): ConsentText(
        title="Wie u bent",
        summary="Uw naam op de kassa en bij vragen",
        full=(
            "{merchant} mag uw naam zien als u uw OK-code laat scannen en als u iets vraagt over "
            "een aankoop. Elke keer dat iemand uw naam ziet, staat dat hier onder “Wie keek er?”. "
            "U kunt dit altijd uitzetten; dat werkt meteen."
        ),
    ),
    ("identity", 1, "en"): ConsentText(
        title="Who you are",
        summary="Your name at the till and when you ask something",
        full=(
            "{merchant} may see your name when you have your OK code scanned and when you ask "
            "about a purchase. Each time somebody sees your name, it is listed here under “Who "
            "looked?”. You can turn this off at any time; it works at once."
        ),
    ),
    ("contact", 1, "nl"): ConsentText(
        title="Hoe u te bereiken bent",
        summary="E-mail, telefoon en adres, voor vragen; niet voor reclame",
        full=(
            "{merchant} mag uw e-mailadres zien, en uw telefoonnummer en postadres als u die bij "
            "OK hebt ingevuld, om u te bereiken over een aankoop of een vraag. Niet voor reclame: "
            "dat staat apart. Elke keer dat iemand ze ziet, staat dat hier onder “Wie keek er?”. "
            "U kunt dit altijd uitzetten; dat werkt meteen."
        ),
    ),
    ("contact", 1, "en"): ConsentText(
        title="How to reach you",
        summary="E-mail, telephone and address, for questions; not for advertising",
        full=(
            "{merchant} may see your e-mail address, and your telephone number and postal address "
            "if you gave these to OK, to reach you about a purchase or a question. Not for "
            "advertising: that has a switch of its own. Each time somebody sees them, it is listed "
            "here under “Who looked?”. You can turn this off at any time; it works at once."
        ),
    ),
    ("purchases", 1, "nl"): ConsentText(
        title="Wat u hier kocht",
        summary="Voor ruilen, garantie en vragen",
        full=(
            "Medewerkers van {merchant} mogen op uw klantkaart zien wat u bij {merchant} kocht, om "
            "u te helpen met ruilen, garantie en vragen. Wat u bij andere winkels kocht, ziet "
            "{merchant} nooit. Elke keer dat iemand kijkt, staat dat hier onder “Wie keek er?”. "
            "U kunt dit altijd uitzetten; dat werkt meteen."
        ),
    ),
    ("purchases", 1, "en"): ConsentText(
        title="What you bought here",
        summary="For exchanges, warranty and questions",
        full=(
            "Staff of {merchant} may see on your customer card what you bought at {merchant}, to "
            "help you with exchanges, warranty and questions. What you bought at other shops, "
            "{merchant} never sees. Each time somebody looks, it is listed here under “Who "
            "looked?”. You can turn this off at any time; it works at once."
        ),
    ),
    ("preferences", 1, "nl"): ConsentText(
        title="Uw voorkeuren",
        summary="Wat u zelf hebt opgegeven, zoals biologisch",
        full=(
            "{merchant} mag de voorkeuren zien die u zelf bij OK hebt opgegeven, om u beter te "
            "helpen. OK leidt geen voorkeuren af uit wat u koopt. Elke keer dat iemand ze ziet, "
            "staat dat hier onder “Wie keek er?”. U kunt dit altijd uitzetten; dat werkt meteen."
        ),
    ),
    ("preferences", 1, "en"): ConsentText(
        title="Your preferences",
        summary="What you told yourself, such as organic",
        full=(
            "{merchant} may see the preferences that you told OK yourself, to help you better. OK "
            "does not infer preferences from what you buy. Each time somebody sees them, it is "
            "listed here under “Who looked?”. You can turn this off at any time; it works at once."
        ),
    ),
    ("recognition", 1, "nl"): ConsentText(
        title="Herkenning in de winkel",
        summary="Uw klantkaart open als u uw code laat scannen",
        full=(
            "Als u uw OK-code laat scannen, mogen medewerkers van {merchant} uw klantkaart openen. "
            "Zij zien sinds wanneer en hoe vaak u komt, en wat u verder hier hebt aangezet. Uw "
            "naam zien zij alleen als ook “Wie u bent” aan staat. Elke keer dat iemand kijkt, "
            "staat dat hier onder “Wie keek er?”. U kunt dit altijd uitzetten; dat werkt meteen."
        ),
    ),
    ("recognition", 1, "en"): ConsentText(
        title="Recognition in the shop",
        summary="Your customer card opens when your code is scanned",
        full=(
            "When you have your OK code scanned, staff of {merchant} may open your customer card. "
            "They see since when and how often you come, and whatever else you turned on here. "
            "They see your name only if “Who you are” is on too. Each time somebody looks, it is "
            "listed here under “Who looked?”. You can turn this off at any time; it works at once."
        ),
    ),
    ("offers", 1, "nl"): ConsentText(
        title="Persoonlijk voordeel",
        summary="Op basis van uw aankopen hier; OK kiest, niemand kijkt mee",
        full=(
            "{merchant} mag OK aanbiedingen voor u laten kiezen op grond van wat u bij {merchant} "
            "kocht. OK kiest; medewerkers zien uw aankopen hierdoor niet. Zonder deze toestemming "
            "krijgt u gewoon de aanbiedingen die voor iedereen gelden. U kunt dit altijd "
            "uitzetten; dat werkt meteen."
        ),
    ),
    ("offers", 1, "en"): ConsentText(
        title="Personal offers",
        summary="By what you buy here; OK chooses, nobody looks",
        full=(
            "{merchant} may let OK choose offers for you by what you bought at {merchant}. OK "
            "chooses; staff do not see your purchases by this. Without this you simply get the "
            "offers that are there for everybody. You can turn this off at any time; it works at "
            "once."
        ),
    ),
    ("birthday", 1, "nl"): ConsentText(
        title="Uw verjaardag",
        summary="Punten rond uw verjaardag; OK kiest, de winkel ziet de dag niet",
        full=(
            "{merchant} mag OK u iets extra's laten geven rond uw verjaardag. OK leest daarvoor de "
            "dag en de maand die u zelf bij OK hebt opgegeven, zonder het jaar. Medewerkers zien "
            "die dag hierdoor niet; wel zeggen kassa en bon dat u er punten voor krijgt. U kunt "
            "dit altijd uitzetten; dat werkt meteen."
        ),
    ),
    ("birthday", 1, "en"): ConsentText(
        title="Your birthday",
        summary="Points around your birthday; OK chooses, the shop does not see the day",
        full=(
            "{merchant} may let OK give you something extra around your birthday. For that OK "
            "reads the day and the month that you told OK yourself, without the year. Staff do not "
            "see that day by this; till and receipt do say that you get points for it. You can "
            "turn this off at any time; it works at once."
        ),
    ),
    ("mail", 1, "nl"): ConsentText(
        title="Post per e-mail",
        summary="Reclame; OK bezorgt, de winkel ziet uw adres niet",
        full=(
            "{merchant} mag u reclame per e-mail sturen, via OK. OK bezorgt die op uw e-mailadres; "
            "{merchant} krijgt dat adres hierdoor niet te zien. Een andere toestemming is hiervoor "
            "niet nodig. U kunt dit altijd uitzetten; dat werkt meteen."
        ),
    ),
    ("mail", 1, "en"): ConsentText(
        title="Post by e-mail",
        summary="Advertising; OK delivers, the shop does not see your address",
        full=(
            "{merchant} may send you advertising by e-mail, through OK. OK delivers it to your "
            "e-mail address; {merchant} does not get to see that address by this. It needs no "
            "other consent. You can turn this off at any time; it works at once."
        ),
    ),
    ("push", 1, "nl"): ConsentText(
        title="Berichten op uw telefoon",
        summary="Reclame; OK bezorgt, de winkel weet niets van uw telefoon",
        full=(
            "{merchant} mag u reclame als bericht op uw telefoon sturen, via OK. OK bezorgt die; "
            "{merchant} krijgt niets over uw telefoon te weten. Een andere toestemming is hiervoor "
            "niet nodig. U kunt dit altijd uitzetten; dat werkt meteen."
        ),
    ),
    ("push", 1, "en"): ConsentText(
        title="Messages on your phone",
        summary="Advertising; OK delivers, the shop knows nothing of your phone",
        full=(
            "{merchant} may send you advertising as a message on your phone, through OK. OK "
            "delivers it; {merchant} learns nothing about your phone. It needs no other consent. "
            "You can turn this off at any time; it works at once."
        ),
    ),
    ("allergies", 1, "nl"): ConsentText(
        title="Uw allergieën",
        summary="Gegevens over uw gezondheid, die u zelf hebt opgegeven",
        full=(
            "Allergieën zijn gegevens over uw gezondheid; daarom vragen wij dit uitdrukkelijk en "
            "apart. Medewerkers van {merchant} mogen de allergieën zien die u zelf bij OK hebt "
            "opgegeven, om u veilig te helpen en voor niets anders. Zij zien ze pas als zij daar "
            "op uw klantkaart bewust op tikken, en elke keer staat dat met hun naam hier onder "
            "“Wie keek er?”. OK leidt nooit een allergie af uit wat u koopt. U kunt dit altijd "
            "uitzetten; dat werkt meteen."
        ),
    ),
    ("allergies", 1, "en"): ConsentText(
        title="Your allergies",
        summary="Data about your health, told by yourself",
        full=(
            "Allergies are data about your health; that is why we ask for this explicitly and "
            "apart. Staff of {merchant} may see the allergies that you told OK yourself, to help "
            "you safely and for nothing else. They see them only after a deliberate tap on your "
            "customer card, and each time it is listed here with their name under “Who looked?”. "
            "OK never infers an allergy from what you buy. You can turn this off at any time; it "
            "works at once."
        ),
    ),
}


def consent_text(purpose: str, version: int, language: str) -> ConsentText:
    """Return a text that was or is shown; raises ``KeyError`` for one that never was."""
    return _TEXTS[purpose, version, language]


def all_texts() -> Mapping[tuple[str, int, str], ConsentText]:
    """Return every text by purpose, version and language."""
    return _TEXTS
