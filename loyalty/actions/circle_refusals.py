"""Why merchants cannot share points."""

from django.utils.translation import gettext_lazy as _

from okplatform.kernel.errors import Refusal


class NoPointsToShare(Refusal):
    """The merchant has no programme."""

    code = "no_points_to_share"
    sentence = _("Publish a programme of your own first. Nothing was changed.")


class SharesAlready(Refusal):
    """The merchant is in a circle: one at a time."""

    code = "shares_points_already"
    sentence = _("You share your points with other shops already. Leave them first.")


class CircleUnknown(Refusal):
    """There is no such circle or invitation, or it is for others to decide on."""

    code = "circle_unknown"
    status = 404
    sentence = _("This is not there any more. Open the page again.")


class ShopNotFound(Refusal):
    """No merchant of OK has this reference."""

    code = "shop_not_found"
    status = 422
    sentence = _("No shop at OK has this name in its address. Ask the shop for it.")


class ShopIsThere(Refusal):
    """Who is invited takes part, leaves, or has the invitation already; or is who invites."""

    code = "shop_is_there"
    sentence = _("This shop takes part already, or has your invitation.")


class ShopSharesElsewhere(Refusal):
    """Who is invited is in another circle."""

    code = "shop_shares_elsewhere"
    sentence = _("This shop shares its points with others already. It has to leave them first.")


class OtherCurrency(Refusal):
    """Prices of both are in different currencies, or in one that nothing is settled in."""

    code = "circle_other_currency"
    sentence = _("Points are shared between shops that sell in euros.")


class CircleFull(Refusal):
    """As many shops as may."""

    code = "circle_full"
    sentence = _("No more shops fit. Nobody was invited.")
