"""What the pages ask."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from merchants.webhooks.console.words import TYPES
from merchants.webhooks.vocabulary import NAMES
from okplatform.kernel.addresses import LONGEST
from okplatform.kernel.modes import Mode


class EndpointForm(forms.Form):
    """A new endpoint; its UUID comes along, so that the page sent twice adds one."""

    uuid = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    url = forms.CharField(
        label=_("Address of your server"),
        max_length=LONGEST,
        widget=forms.URLInput(attrs={"placeholder": "https://", "autocomplete": "off"}),
        help_text=_("It begins with https:// and can be reached from the internet."),
    )
    mode = forms.ChoiceField(
        label=_("Which sales"),
        choices=((Mode.LIVE.value, _("Real sales")), (Mode.TEST.value, _("Sales with test keys"))),
    )
    types = forms.MultipleChoiceField(
        label=_("What you want to hear of"),
        choices=[(name, name) for name in NAMES],
        initial=list(NAMES),
        error_messages={"required": _("Choose at least one kind of event from the list.")},
    )

    @property
    def shown_types(self) -> list[dict[str, Any]]:
        """Return the types with their words, and whether they are chosen."""
        chosen = self["types"].value() or []
        return [
            {"name": name, "words": TYPES.get(name, name), "chosen": name in chosen}
            for name in NAMES
        ]


class ReplayForm(forms.Form):
    """Since when everything is to be sent again, on the merchant's clock."""

    since = forms.DateTimeField(
        label=_("Everything since"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
    )

    @property
    def moment(self) -> datetime:
        """Return the moment asked for."""
        found: datetime = self.cleaned_data["since"]
        return found
