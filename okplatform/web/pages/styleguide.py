"""Every component on one page, for whoever makes a page, in both languages and both lights."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from typing_extensions import override

from okplatform.web.views import PublicPage


class _Sample(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Your name"), help_text=gettext_lazy("As you like to be called.")
    )
    iban = forms.CharField(label="IBAN", min_length=18)


class StyleguidePage(PublicPage):
    """How OK looks."""

    template_name = "web/styleguide.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Fill the components with samples; the form shows one field as it is refused."""
        return super().get_context_data(
            form=_Sample({"name": "Alice", "iban": "NL00"}, auto_id="sample_%s"),
            empty_title=_("No receipts yet"),
            empty_line=_("Your first receipt appears here by itself, right after you pay."),
            empty_action=_("Show my code"),
            verdicts=[
                {
                    "name": "happened",
                    "sentence": _("Paid. Give the goods."),
                    "why": _("Alice got 18 points."),
                },
                {
                    "name": "did_not_happen",
                    "sentence": _("Not paid. Ask for another way to pay."),
                    "why": _("The code was used before."),
                },
                {
                    "name": "still_open",
                    "sentence": _("Wait: the customer confirms on the phone."),
                    "why": "",
                },
            ],
            **kwargs,
        )
