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
from okplatform.parties.actions.grant_membership import grant_membership
from okplatform.parties.models import Person, Role
from okplatform.web.permissions import staff
from okplatform.web.views import OperatorPage, Page, PersonPage, PublicPage, StaffPage
from tests.support.world import World

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


class ForOffice(OperatorPage):
    get = _says_scope


class MistakenOffice(OperatorPage):
    required_permission = staff(Role.OWNER)
    get = _says_scope


def _open(page: type[Page], person: Person | None, **kwargs: Any) -> HttpResponse:
    request: HttpRequest = RequestFactory().get("/somewhere/")
    request.user = person or AnonymousUser()
    request.session = SessionStore()
    response = page.as_view()(request, **kwargs)
    assert isinstance(response, HttpResponse)
    return response


@pytest.mark.parametrize("page", [Forgetful, ForgetfulStaff])
def test_a_page_that_names_no_permission_is_refused_even_to_an_owner(
    page: type[Page], olga: Person
) -> None:
    with pytest.raises(PermissionDenied):
        _open(page, olga)


def test_everybody_may_open_a_public_page_and_no_scope_is_open_in_it() -> None:
    assert _open(Open, None).content == b"{}"


def test_a_stranger_is_sent_to_sign_in_and_back() -> None:
    response = _open(Own, None)
    assert response.status_code == HTTPStatus.FOUND
    assert response["Location"] == "/account/login/?next=/somewhere/"


def test_a_person_sees_with_a_persons_scope(alice: Person) -> None:
    assert _open(Own, alice).content.decode() == str({"person": alice.pk})


def test_an_owner_sees_with_the_merchants_scope(olga: Person, world: World) -> None:
    expected = str({"merchant": world.kramer.merchant.pk})
    assert _open(ForOwners, olga, merchant="boekhandel-kramer").content.decode() == expected
    assert _open(ForOwners, olga).content.decode() == expected


def test_the_scope_is_closed_again_after_the_page(olga: Person) -> None:
    _open(ForOwners, olga)
    assert get_scope().get("merchant") is None


def test_a_cashier_may_not_open_what_is_for_owners(sam: Person) -> None:
    with pytest.raises(PermissionDenied):
        _open(ForOwners, sam, merchant="bakkerij-bol")


@pytest.mark.parametrize("merchant", ["boekhandel-kramer", "nobodys"])
def test_somebody_elses_merchant_is_not_found(charlie: Person, olga: Person, merchant: str) -> None:
    with pytest.raises(Http404):
        _open(ForOwners, charlie, merchant=merchant)


def test_a_shopper_who_works_nowhere_is_led_to_what_is_theirs(alice: Person) -> None:
    assert _open(ForOwners, alice)["Location"] == "/start/"


def test_who_works_at_two_merchants_chooses_first(olga: Person, world: World) -> None:
    grant_membership(
        person_id=olga.pk, merchant_id=world.bol.merchant.pk, role=Role.OWNER, actor=SYSTEM
    )
    assert _open(ForOwners, olga)["Location"] == "/start/"


def test_staff_without_roles_is_a_mistake_of_the_page() -> None:
    with pytest.raises(ValueError, match="name the roles"):
        staff()


def test_oks_own_people_see_everything(alice: Person) -> None:
    alice.is_staff = True
    assert _open(ForOffice, alice).content == b"{}"


def test_nobody_else_learns_that_the_office_is_there(alice: Person, olga: Person) -> None:
    for person in (alice, olga):
        with pytest.raises(Http404):
            _open(ForOffice, person)
    alice.is_staff, alice.is_active = True, False
    with pytest.raises(Http404):
        _open(ForOffice, alice)
    assert _open(ForOffice, None)["Location"] == "/account/login/?next=/somewhere/"


def test_an_office_page_that_names_another_permission_is_refused(olga: Person) -> None:
    olga.is_staff = True
    with pytest.raises(PermissionDenied):
        _open(MistakenOffice, olga, merchant="boekhandel-kramer")
