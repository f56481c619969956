"""Anticipated refusals.

Everything that can be expected to go wrong is a subclass of ``Refusal`` that stands beside the
function raising it; everything else crashes loudly. The API renders a refusal as problem details
(RFC 9457), pages as a sentence.
"""

from typing import Any, ClassVar

from django.utils.functional import Promise


class Refusal(Exception):  # noqa: N818 -- a refusal is an answer, not an error
    """An expected "no", with a stable code for programs and a sentence for people.

    ``code`` never changes once published; ``status`` is the HTTP status; ``sentence`` is lazy
    gettext and says what to do now. ``facts`` become extra members of the problem document:
    JSON-able, and never a secret.
    """

    code: ClassVar[str]
    status: ClassVar[int] = 409
    sentence: ClassVar[str | Promise]

    def __init__(self, **facts: Any) -> None:
        """Keep the facts that help the reader."""
        super().__init__(self.code)
        self.facts = facts

    @property
    def detail(self) -> str:
        """Return the sentence in the active language, with the facts that it names filled in."""
        return str(self.sentence).format(**self.facts) if self.facts else str(self.sentence)
