"""The programmes a person is in, or could join."""

from typing import Any

from typing_extensions import override

from loyalty.queries.cards import cards_held, cards_open
from okplatform.web import formats
from okplatform.web.views import PersonPage
from wallet.reader import reader


class ProgrammesPage(PersonPage):
    """One's own programmes, then those to join."""

    template_name = "loyalty/programmes.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give both lists."""
        person, language = reader(self.request), formats.language()
        return super().get_context_data(
            held=cards_held(person_id=person.pk, mode=person.mode, language=language),
            open=cards_open(person_id=person.pk, language=language),
            **kwargs,
        )
