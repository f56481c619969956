"""What every address of the retailer's API says in the same way: amounts, references, problems."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from okplatform.kernel.api.views import Answer

# A thousand euros a piece and a million pieces are more than any till sells; sums stay far below
# 2^63.
LARGEST_AMOUNT = 100_000_000
LARGEST_QUANTITY = 1_000_000
MOST_LINES = 500

Reference = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,64}$")]
Amount = Annotated[int, Field(ge=0, le=LARGEST_AMOUNT, description="Minor units (cents).")]
Language = Literal["nl", "en"]
Verdict = Literal["happened", "did_not_happen", "still_open"]


class FieldFault(Answer):
    """One field that does not fit."""

    field: str
    code: str
    sentence: str


class Problem(Answer):
    """Problem details (RFC 9457). Branch on ``code``; show ``detail``; quote ``trace_id``."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    trace_id: str
    verdict: Verdict | None = None
    errors: list[FieldFault] | None = None
    retry_after: int | None = None
