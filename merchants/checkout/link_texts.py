"""A payment link put into words: ready for a letter, a chat or an invoice, in either language."""

from dataclasses import dataclass

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from merchants.models import PaymentLink
from okplatform.kernel.money import format_money


@dataclass(frozen=True, slots=True)
class LinkTexts:
    """One link's texts in one language."""

    mail_subject: str
    mail: str
    whatsapp: str
    chat: str
    invoice: str


def texts_of(link: PaymentLink, *, merchant: str, address: str) -> dict[str, LinkTexts]:
    """Return the texts per language; ``merchant`` is who asks, ``address`` the link's."""
    return {
        language: _texts(link, merchant, address, language)
        for language, _name in settings.LANGUAGES
    }


def _texts(link: PaymentLink, merchant: str, address: str, language: str) -> LinkTexts:
    with translation.override(language):
        said = {"merchant": merchant, "what": link.description, "amount": _amount(link, language)}
        asks = _("{merchant} asks you for {amount}: {what}.").format(**said)
        letter = (
            _("Hello,"),
            _("You can pay {amount} for “{what}” here:").format(**said) + f"\n{address}",
            _("You see first what you pay and to whom."),
            _("Kind regards,") + f"\n{merchant}",
        )
        pay_here = _("Pay here: {address}").format(address=address)
        return LinkTexts(
            mail_subject=f"{merchant}: {link.description}",
            mail="\n\n".join(letter),
            whatsapp=f"{asks} {pay_here}",
            chat=f"{link.description}, {said['amount']}: {address}",
            invoice=_("Pay {amount} online: {address}").format(address=address, **said),
        )


def _amount(link: PaymentLink, language: str) -> str:
    if link.amount is not None:
        return format_money(link.amount, link.currency, language)
    least = format_money(link.least or 0, link.currency, language)
    most = format_money(link.most or 0, link.currency, language)
    return _("an amount from {least} to {most}").format(least=least, most=most)
