"""A page opens for whom it names, inside the scope it needs, and for nobody else."""

from http import HTTPStatus
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.test import RequestFactory
from django_scopes import get_scope

from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.actions.create_person import create_person
from okplatform.parties.models import Membership, Merchant, Person, Role
from okplatform.web.permissions import staff
from okplatform.web.views import Page, PersonPage, PublicPage, StaffPage

pytestmark = pytest.mark.django_db


def _says_scope(page: Page, *_args: Any, **_kwargs: Any) -> HttpResponse:
    scope = {name: get_scope().get(name) for name in ("merchant", "person")}
    return HttpResponse(str({name: value for name, value in scope.items() if value}))


class Forgetful(Page):
    get = _says_scope


class ForgetfulStaff(StaffPage):
    get = _says_scope


class Open(PublicPage):
    get = _says_scope


class Own(PersonPage):
    get = _says_scope


class ForOwners(StaffPage):
    required_permission = staff(Role.OWNER)
    get = _says_scope


@pytest.fixture
def alice() -> Person:
    return create_person(email="alice@example.com", name="Alice", actor=SYSTEM)


def _merchant(reference: str) -> Merchant:
    return Merchant.objects.create(
        reference=reference,
        name=reference.title(),
        kvk="12345678",
        vat_number="NL001234567B01",
        iban="NL91ABNA0417164300",
    )


def _works_at(person: Person, reference: str, role: Role) -> Merchant:
    merchant = _merchant(reference)
    with operator_scope("a test hires somebody"):
        Membership.objects.create(person=person, merchant=merchant, role=role)
    return merchant


def _open(page: type[Page], person: Person | None, **kwargs: Any) -> HttpResponse:
    request: HttpRequest = RequestFactory().get("/somewhere/")
    request.user = person or AnonymousUser()
    request.session = SessionStore()
    response = page.as_view()(request, **kwargs)
    assert isinstance(response, HttpResponse)
    return response


@pytest.mark.parametrize("page", [Forgetful, ForgetfulStaff])
def test_a_page_that_names_no_permission_is_refused_even_to_its_owner(
    page: type[Page], alice: Person
) -> None:
    _works_at(alice, "bol", Role.OWNER)
    with pytest.raises(PermissionDenied):
        _open(page, alice)


def test_everybody_may_open_a_public_page_and_no_scope_is_open_in_it() -> None:
    assert _open(Open, None).content == b"{}"


def test_a_stranger_is_sent_to_sign_in_and_back() -> None:
    response = _open(Own, None)
    assert response.status_code == HTTPStatus.FOUND
    assert response["Location"] == "/account/login/?next=/somewhere/"


def test_a_person_sees_with_a_persons_scope(alice: Person) -> None:
    assert _open(Own, alice).content.decode() == str({"person": alice.pk})


def test_an_owner_sees_with_the_merchants_scope(alice: Person) -> None:
    merchant = _works_at(alice, "bol", Role.OWNER)
    expected = str({"merchant": merchant.pk})
    assert _open(ForOwners, alice, merchant="bol").content.decode() == expected
    assert _open(ForOwners, alice).content.decode() == expected


def test_the_scope_is_closed_again_after_the_page(alice: Person) -> None:
    _works_at(alice, "bol", Role.OWNER)
    _open(ForOwners, alice)
    assert get_scope().get("merchant") is None


def test_a_cashier_may_not_open_what_is_for_owners(alice: Person) -> None:
    _works_at(alice, "bol", Role.CASHIER)
    with pytest.raises(PermissionDenied):
        _open(ForOwners, alice, merchant="bol")


def test_somebody_elses_merchant_is_not_found(alice: Person) -> None:
    _works_at(alice, "bol", Role.OWNER)
    _merchant("kramer")
    with pytest.raises(Http404):
        _open(ForOwners, alice, merchant="kramer")


def test_who_works_at_two_merchants_chooses_first(alice: Person) -> None:
    _works_at(alice, "bol", Role.OWNER)
    _works_at(alice, "kramer", Role.OWNER)
    assert _open(ForOwners, alice)["Location"] == "/start/"


def test_staff_without_roles_is_a_mistake_of_the_page() -> None:
    with pytest.raises(ValueError, match="name the roles"):
        staff()
