"""After signing up: one friendly offer of a passkey."""

from okplatform.web.views import PersonPage


class PasskeyOffer(PersonPage):
    """Says what a passkey is good for; whoever wants none goes on."""

    template_name = "web/passkey_offer.html"
