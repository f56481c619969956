"""What the builder's actions refuse."""

from django.utils.translation import gettext_lazy as _

from okplatform.kernel.errors import Refusal


class SchemeUnknown(Refusal):
    """The merchant has no such scheme, or no such version of it."""

    code = "scheme_unknown"
    status = 404
    sentence = _("There is no such version. Open the builder again.")


class SchemeNotReplayed(Refusal):
    """The draft has not been tried on past sales as it is now."""

    code = "scheme_not_replayed"
    sentence = _("This scheme has not been tried on past sales yet. Wait for it, then publish.")


class SchemeNotProved(Refusal):
    """A proof does not hold."""

    code = "scheme_not_proved"
    sentence = _("A check did not hold. Look below which one, and change the scheme.")


class SchemeLosesMoney(Refusal):
    """Some baskets bring less than their goods cost, and nobody said that this is meant."""

    code = "scheme_loses_money"
    sentence = _(
        "Some baskets would be sold below cost. Change the scheme, or say that you mean it."
    )


class SchemeNotInForce(Refusal):
    """There is nothing to pause or resume."""

    code = "scheme_not_in_force"
    sentence = _("No scheme is in force. Publish one first.")


class SchemeNotScheduled(Refusal):
    """No version waits for its time."""

    code = "scheme_not_scheduled"
    sentence = _("No version is waiting to start. It may have started just now.")
