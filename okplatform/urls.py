"""Every address of OK; each app brings its own list."""

from django.urls import URLPattern, URLResolver, include, path

from okplatform.web.pages import errors

urlpatterns: list[URLPattern | URLResolver] = [
    path("account/", include("allauth.urls")),
    path("", include("okplatform.web.urls")),
]

handler400 = errors.bad_request
handler403 = errors.permission_denied
handler404 = errors.not_found
handler429 = errors.too_many_requests
handler500 = errors.server_error
