"""What a person reads before saying yes, by purpose, version and language.

A text that was ever shown never changes: a new wording is a new version, and a consent says which
one was read. Pure data, apart from gettext, so that nobody can change a consent's text by editing a
translation.
"""

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


CURRENT_VERSION = {"identity": 1}

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
}


def consent_text(purpose: str, version: int, language: str) -> ConsentText:
    """Return a text that was or is shown; raises ``KeyError`` for one that never was."""
    return _TEXTS[purpose, version, language]
