"""What a retailer fills in of a programme; points per euro, as people say them."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from loyalty.actions.publish_programme import ProgrammeTerms
from loyalty.engine import ONE_POINT_PER_EURO, Texts
from loyalty.models import Expiry, Programme
from loyalty.models.programme import LONGEST_EXPIRY, MOST_PENDING_DAYS

FROM_THIS_ONE = (Expiry.MONTH_END, Expiry.YEAR_END)
"""What may also be none: the end of this month, or of this year."""


class ProgrammeForm(forms.Form):
    """A points programme, its texts in both languages."""

    name = forms.CharField(label=_("Name of the programme"), max_length=80)
    points_per_euro = forms.DecimalField(
        label=_("Points per euro"),
        min_value=Decimal("0.1"),
        max_value=100,
        decimal_places=1,
        help_text=_("On what was really paid. What is too little for a point counts next time."),
    )
    points_nl = forms.CharField(label=_("What you call points, in Dutch"), max_length=20)
    points_en = forms.CharField(label=_("What you call points, in English"), max_length=20)
    pending_days = forms.IntegerField(
        label=_("Days for returns"),
        min_value=0,
        max_value=MOST_PENDING_DAYS,
        required=False,
        help_text=_("Points count when goods can no longer come back. 0: at once."),
    )
    expiry = forms.ChoiceField(label=_("When points end"), choices=Expiry.choices, required=False)
    expiry_length = forms.IntegerField(
        label=_("How many days, months or years"),
        min_value=0,
        max_value=LONGEST_EXPIRY,
        required=False,
        help_text=_(
            "Counted from the day on which points count. For the end of this month or year: 0."
        ),
    )
    terms_nl = forms.CharField(label=_("Terms, in Dutch"), widget=forms.Textarea({"rows": 5}))
    terms_en = forms.CharField(label=_("Terms, in English"), widget=forms.Textarea({"rows": 5}))

    def promise(self) -> ProgrammeTerms:
        """Return what a valid form promises."""
        said = self.cleaned_data
        return ProgrammeTerms(
            name=said["name"],
            points_name=Texts(nl=said["points_nl"], en=said["points_en"]),
            milli_points_per_cent=int(said["points_per_euro"] * ONE_POINT_PER_EURO),
            terms=Texts(nl=said["terms_nl"], en=said["terms_en"]),
            pending_days=said["pending_days"] or 0,
            expiry=Expiry(said["expiry"] or Expiry.NEVER),
            expiry_length=said["expiry_length"],
        )

    @override
    def clean(self) -> dict[str, Any]:
        """Ask how many where points end; nothing where they do not."""
        said: dict[str, Any] = super().clean() or {}
        expiry, length = said.get("expiry") or Expiry.NEVER, said.get("expiry_length")
        if expiry == Expiry.NEVER:
            said["expiry_length"] = None
        elif "expiry_length" not in self.errors and not (
            length or (length == 0 and expiry in FROM_THIS_ONE)
        ):
            self.add_error("expiry_length", _("Say after how many points end, such as 12."))
        return said

    @staticmethod
    def said_by(programme: Programme) -> dict[str, Any]:
        """Return a published programme as the form shows it."""
        return {
            "name": programme.name,
            "points_per_euro": Decimal(programme.milli_points_per_cent) / ONE_POINT_PER_EURO,
            "points_nl": programme.points_name["nl"],
            "points_en": programme.points_name["en"],
            "terms_nl": programme.terms["nl"],
            "terms_en": programme.terms["en"],
            "pending_days": programme.pending_days,
            "expiry": programme.expiry,
            "expiry_length": programme.expiry_length,
        }
