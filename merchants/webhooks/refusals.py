"""What is refused about webhooks."""

from django.utils.translation import gettext_lazy as _

from okplatform.kernel.errors import Refusal


class AddressNotAllowed(Refusal):
    """The address is not https, or not a public one."""

    code = "address_not_allowed"
    status = 422
    sentence = _("Give an address that begins with https:// and that the internet can reach.")


class TypesUnknown(Refusal):
    """No type of event was chosen, or one that there is not."""

    code = "types_unknown"
    status = 422
    sentence = _("Choose at least one kind of event from the list.")


class TooManyEndpoints(Refusal):
    """A merchant has as many endpoints as it may."""

    code = "too_many_endpoints"
    sentence = _("You have {most} endpoints already. Disable one that you no longer use.")


class EndpointUnknown(Refusal):
    """This merchant has no such endpoint."""

    code = "endpoint_unknown"
    status = 404
    sentence = _("There is no such endpoint.")


class EndpointDisabled(Refusal):
    """Nothing is sent to an endpoint that is disabled."""

    code = "endpoint_disabled"
    sentence = _("This endpoint is disabled. Enable it first.")
