"""Every address of OK; each app brings its own list."""

from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.views import SpectacularAPIView

import okplatform.parties.api.schema  # noqa: F401 -- how signing in reads in the document below
from okplatform.web.pages import errors
from okplatform.web.pages.api_docs import ApiDocsPage, ApiErrorsPage
from okplatform.web.pages.first_password import FirstPassword
from wallet.pages.safety import SafetyPage

urlpatterns: list[URLPattern | URLResolver] = [
    # In the place of allauth's pages, at their addresses.
    path("account/2fa/", SafetyPage.as_view()),
    path("account/password/set/", FirstPassword.as_view()),
    path("account/", include("allauth.urls")),
    path("api/v1/", include("merchants.checkout.api.urls")),
    path("api/v1/", include("payments.api.urls")),
    path("api/v1/", include("okplatform.trade.api.urls")),
    path("api/v1/", include("merchants.members.api.urls")),
    path("api/v1/", include("merchants.returns.api.urls")),
    path("api/v1/", include("merchants.sandbox.api.urls")),
    path("api/v1/", include("merchants.shifts.api.urls")),
    path("api/schema/", SpectacularAPIView.as_view(throttle_classes=()), name="api-schema"),
    path("api/docs/", ApiDocsPage.as_view(), name="api-docs"),
    path("api/docs/errors/", ApiErrorsPage.as_view(), name="api-errors"),
    path("", include("wallet.urls")),
    path("", include("payments.urls")),
    path("", include("loyalty.urls")),
    path("", include("merchants.urls")),
    path("", include("okplatform.web.urls")),
]

handler400 = errors.bad_request
handler403 = errors.permission_denied
handler404 = errors.not_found
handler429 = errors.too_many_requests
handler500 = errors.server_error
