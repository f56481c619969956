"""Our own words as texts in every language, to stand beside those a merchant wrote."""

from collections.abc import Callable

from django.utils import translation

from loyalty.engine import Texts
from okplatform.parties.models import Language


def in_every_language(words: Callable[[], str]) -> Texts:
    """Return what ``words`` says in each language; it calls gettext itself."""
    texts = {}
    for language in Language:
        with translation.override(language.value):
            texts[language.value] = words()
    return Texts(**texts)
