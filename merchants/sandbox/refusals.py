"""What a sandbox refuses."""

from django.utils.translation import gettext_lazy as _

from okplatform.kernel.errors import Refusal


class ClockGoesBack(Refusal):
    """Time goes forward; ``now`` is what it is in the sandbox."""

    code = "clock_goes_back"
    sentence = _("The sandbox's clock only goes forward. To go back, reset the sandbox.")


class ClockTooFar(Refusal):
    """No sandbox lies more than five years ahead."""

    code = "clock_too_far"
    status = 422
    sentence = _("The sandbox's clock goes at most five years ahead.")


class EpochOver(Refusal):
    """Another epoch than the one that was named is running; ``epoch`` is which."""

    code = "epoch_over"
    sentence = _("The sandbox was reset meanwhile. Look which epoch runs, and say that one.")


class TestKeyNeeded(Refusal):
    """Live money has one clock and one past."""

    code = "test_key_needed"
    status = 403
    sentence = _("This is for test keys only.")
