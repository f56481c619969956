"""What the demo's merchants give, who is a member, and who may be known by name."""

from datetime import datetime

from demo.loading.parties import Premises
from demo.world import MerchantFacts, OfferFacts, PersonFacts, Text
from loyalty.actions.join_programme import join_programme
from loyalty.actions.publish_programme import ProgrammeTerms, publish_programme
from loyalty.actions.put_offer import OfferTerms, put_offer
from loyalty.actions.put_spending import SpendingPromise, put_spending
from loyalty.engine import Texts
from loyalty.models import Offer, Programme, SpendingTerms, Target
from okplatform.kernel.audit import SYSTEM, Actor
from okplatform.kernel.tenancy import merchant_scope
from wallet.actions.grant_consent import grant_consent
from wallet.consent_texts import CURRENT_VERSION
from wallet.models import Consent, Purpose

# One point per euro, in the programme's own unit.
MILLI_POINTS_PER_CENT = 10
TERMS = Text(
    "U spaart over wat u betaalt. U kunt altijd stoppen; de winkel ziet niet wie u bent.",
    "You earn on what you pay. You may stop at any time; the shop does not see who you are.",
)


def load_benefits(facts: MerchantFacts, place: Premises, now: datetime) -> None:
    """Publish the merchant's programme, offer and spending, unless it has them."""
    with merchant_scope(place.merchant_id):
        has_programme, has_offer = Programme.objects.exists(), Offer.objects.exists()
        has_spending = SpendingTerms.objects.exists()
    if facts.points and not has_programme:
        promise = ProgrammeTerms(
            name=f"{facts.name} Spaart",
            points_name=_texts(facts.points),
            milli_points_per_cent=facts.points_per_euro * MILLI_POINTS_PER_CENT,
            terms=_texts(TERMS),
        )
        publish_programme(merchant_id=place.merchant_id, promise=promise, actor=SYSTEM, now=now)
    if facts.cents_per_hundred_points and not has_spending:
        put_spending(merchant_id=place.merchant_id, promise=_spending(facts), actor=SYSTEM, now=now)
    if facts.offer and not has_offer:
        put_offer(merchant_id=place.merchant_id, terms=_offer(facts.offer), actor=SYSTEM, now=now)


def load_choices(
    person: PersonFacts, person_id: int, premises: dict[str, Premises], now: datetime
) -> None:
    """Let a shopper join and consent, once: a consent withdrawn since then stays withdrawn."""
    actor = Actor(kind="person", id=str(person_id))
    for reference in person.member_of:
        join(person_id, premises[reference].merchant_id, actor=actor, now=now)
    for reference in person.known_to:
        merchant_id = premises[reference].merchant_id
        with merchant_scope(merchant_id):
            if Consent.objects.filter(person_id=person_id).exists():
                continue
        grant_consent(
            person_id=person_id,
            merchant_id=merchant_id,
            purpose=Purpose.IDENTITY,
            text_version=CURRENT_VERSION[Purpose.IDENTITY],
            language=person.language,
            now=now,
            actor=actor,
        )


def join(person_id: int, merchant_id: int, *, actor: Actor, now: datetime) -> None:
    """Make a person a member on the terms in force."""
    with merchant_scope(merchant_id):
        programme = Programme.objects.get()
    join_programme(
        programme_id=programme.pk,
        person_id=person_id,
        terms_version=programme.terms_version,
        actor=actor,
        now=now,
    )


def _spending(facts: MerchantFacts) -> SpendingPromise:
    return SpendingPromise(
        points=10,
        amount=facts.cents_per_hundred_points // 10,
        step=10,
        minimum=20,
        most_bp=5_000,
    )


def _offer(facts: OfferFacts) -> OfferTerms:
    return OfferTerms(
        name=_texts(facts.name),
        percentage_bp=facts.percentage_bp,
        target=Target.CATEGORIES,
        target_references=facts.categories,
        members_only=True,
    )


def _texts(text: Text) -> Texts:
    return Texts(nl=text.nl, en=text.en)
