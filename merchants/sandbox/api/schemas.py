"""The sandbox's bodies and answers."""

from pydantic import AwareDatetime, Field

from okplatform.kernel.api.views import Answer, Body


class ClockBody(Body):
    """What time it is to be."""

    now: AwareDatetime = Field(
        description="RFC 3339, with an offset; not before the sandbox's own time."
    )


class ResetBody(Body):
    """Which epoch ends; a repeat that names the same one changes nothing."""

    epoch: int = Field(ge=0, le=1_000_000)


class SandboxAnswer(Answer):
    """The sandbox's time, how many seconds that is ahead of everybody's, and its epoch."""

    now: str
    ahead_seconds: int
    epoch: int
