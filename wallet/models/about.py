"""What a person tells about themselves: reach, birthday, preferences, allergies.

Declared only, never inferred. Merchants see none of it but through ``wallet.consents``.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from okplatform.parties.checks import choice_check


class ContactDetails(models.Model):
    """How to reach a person besides their e-mail address, as far as they told.

    ``phone`` is E.164 ("+31612345678"). The address is there whole, or not at all.
    """

    person = models.OneToOneField(
        "parties.Person", on_delete=models.PROTECT, primary_key=True, related_name="+"
    )
    phone = models.CharField(max_length=16, blank=True)
    street = models.CharField(max_length=120, blank=True)
    postal_code = models.CharField(max_length=16, blank=True)
    city = models.CharField(max_length=80, blank=True)
    country = models.CharField(max_length=2, default="NL")
    changed_at = models.DateTimeField()

    class Meta:
        """What PostgreSQL holds for every one."""

        db_table = "wallet_contact_details"
        constraints = (
            models.CheckConstraint(
                condition=Q(phone="") | Q(phone__regex=r"^\+[1-9][0-9]{7,14}$"),
                name="contact_phone_is_e164",
            ),
            models.CheckConstraint(
                condition=Q(street="", postal_code="", city="")
                | ~Q(street="") & ~Q(postal_code="") & ~Q(city=""),
                name="contact_address_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(country__regex=r"^[A-Z]{2}$"), name="contact_country_is_a_code"
            ),
        )

    @override
    def __str__(self) -> str:
        """Return whose they are."""
        return f"contact details of person {self.person_id}"


class Birthday(models.Model):
    """The day a person was born on, without the year: nobody needs an age for a present.

    ``told_at`` is when this day was told; a bonus looks at it, so that nobody moves their birthday
    to tomorrow.
    """

    person = models.OneToOneField(
        "parties.Person", on_delete=models.PROTECT, primary_key=True, related_name="+"
    )
    month = models.PositiveSmallIntegerField()
    day = models.PositiveSmallIntegerField()
    told_at = models.DateTimeField()

    class Meta:
        """What PostgreSQL holds for every one: a day that some year has."""

        constraints = (
            models.CheckConstraint(
                condition=Q(month__range=(1, 12), day__range=(1, 29))
                | ~Q(month=2) & Q(month__range=(1, 12), day=30)
                | Q(month__in=(1, 3, 5, 7, 8, 10, 12), day=31),
                name="birthday_is_a_day",
            ),
        )

    @override
    def __str__(self) -> str:
        """Return whose it is."""
        return f"birthday of person {self.person_id}"


class DeclarationKind(models.TextChoices):
    """What a declaration is about."""

    PREFERENCE = "preference", _("preference")
    ALLERGY = "allergy", _("allergy")


class Preference(models.TextChoices):
    """Preferences to tick; what would tell a belief or an illness is not among them."""

    VEGETARIAN = "vegetarian", _("vegetarian")
    VEGAN = "vegan", _("vegan")
    ORGANIC = "organic", _("organic")
    LOCAL = "local", _("from the region")
    FAIR_TRADE = "fair_trade", _("fair trade")
    LESS_PACKAGING = "less_packaging", _("little packaging")
    NO_ALCOHOL = "no_alcohol", _("without alcohol")
    DECAF = "decaf", _("without caffeine")


class Allergen(models.TextChoices):
    """The fourteen that food must name: Regulation (EU) 1169/2011, Annex II."""

    GLUTEN = "gluten", _("gluten")
    CRUSTACEANS = "crustaceans", _("crustaceans")
    EGG = "egg", _("egg")
    FISH = "fish", _("fish")
    PEANUT = "peanut", _("peanut")
    SOY = "soy", _("soy")
    MILK = "milk", _("milk")
    NUTS = "nuts", _("nuts")
    CELERY = "celery", _("celery")
    MUSTARD = "mustard", _("mustard")
    SESAME = "sesame", _("sesame")
    SULPHITES = "sulphites", _("sulphites")
    LUPIN = "lupin", _("lupin")
    MOLLUSCS = "molluscs", _("molluscs")


class Declaration(models.Model):
    """One thing a person told: a ``code`` that was ticked, or their own ``words``."""

    person = models.ForeignKey(
        "parties.Person", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=10, choices=DeclarationKind.choices)
    code = models.CharField(max_length=16, blank=True)
    words = models.CharField(max_length=80, blank=True)
    declared_at = models.DateTimeField()

    class Meta:
        """Each said once; either ticked or in words."""

        constraints = (
            models.UniqueConstraint(
                fields=("person", "kind", "code", "words"), name="declaration_once"
            ),
            choice_check("declaration", "kind", DeclarationKind),
            models.CheckConstraint(
                condition=Q(code="") & ~Q(words="") | ~Q(code="") & Q(words=""),
                name="declaration_is_ticked_or_in_words",
            ),
        )

    @override
    def __str__(self) -> str:
        """Return what was told, in the reader's language."""
        if self.words:
            return self.words
        choices = Allergen if self.kind == DeclarationKind.ALLERGY else Preference
        return str(choices(self.code).label)
