"""What every address of the retailer's API says in the same way: amounts, references, problems."""

from typing import Annotated, Literal

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter
from pydantic import ConfigDict, Field, StringConstraints
from rest_framework.request import Request

from okplatform.kernel.api.views import Answer
from okplatform.kernel.errors import Refusal

# A thousand euros a piece and a million pieces are more than any till sells; sums stay far below
# 2^63.
LARGEST_AMOUNT = 100_000_000
LARGEST_QUANTITY = 1_000_000
MOST_LINES = 500

Reference = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,64}$")]
Amount = Annotated[int, Field(ge=0, le=LARGEST_AMOUNT, description="Minor units (cents).")]
Language = Literal["nl", "en"]
Verdict = Literal["happened", "did_not_happen", "still_open"]


PLACE = (
    OpenApiParameter("store", str, description="Its reference, unless the key names one."),
    OpenApiParameter("terminal", str, description="Its reference, unless the key names one."),
    OpenApiParameter("language", str, enum=["nl", "en"], description="The cashier's language."),
)
"""Which till a list is about, and who reads it."""


class LanguageUnknown(Refusal):
    """Neither Dutch nor English."""

    code = "language_unknown"
    status = 422
    sentence = _("The language is nl or en.")


def said_language(request: Request, otherwise: str) -> str:
    """Return the language that an address names; raises ``LanguageUnknown``."""
    said = request.query_params.get("language", otherwise)
    if said not in {"nl", "en"}:
        raise LanguageUnknown
    return str(said)


class FieldFault(Answer):
    """One field that does not fit."""

    field: str
    code: str
    sentence: str


class Problem(Answer):
    """Problem details (RFC 9457). Branch on ``code``; show ``detail``; quote ``trace_id``.

    Some codes bring facts of their own besides: ignore what you do not know.
    """

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    detail: str
    code: str
    trace_id: str
    verdict: Verdict | None = None
    errors: list[FieldFault] | None = None
    retry_after: int | None = None
