"""What a retailer fills in of a programme; points per euro, as people say them."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from loyalty.actions.publish_programme import ProgrammeTerms
from loyalty.engine import ONE_POINT_PER_EURO, Texts
from loyalty.models import Programme


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
        )

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
        }
