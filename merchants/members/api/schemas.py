"""The bodies and answers of proofs: the contract, as the OpenAPI document shows it."""

from typing import Literal

from pydantic import Field

from merchants.contract import Reference
from okplatform.kernel.api.views import Answer, Body


class ProofCheckBody(Body):
    """What a till asks of the customer who stands there."""

    code: str = Field(max_length=64, description="The customer's OK code, as it was scanned.")
    claim: Literal["age_over_18", "student"]
    store: Reference | None = Field(default=None, description="Where; unless the key names one.")
    terminal: Reference | None = Field(default=None, description="Unless the key names one.")


class ProofCheckAnswer(Answer):
    """Yes or no by a verified attestation that the customer offers now; else check the ID."""

    claim: str
    answer: Literal["yes", "no", "check_the_id"]
    sentence: str
