"""The addresses of the frames themselves: home, start, preferences, streams and health."""

from django.urls import path

from okplatform.web.health import LiveView, MetricsView, ReadyView
from okplatform.web.pages.home import HomePage, StartPage
from okplatform.web.pages.llms import LlmsText
from okplatform.web.pages.passkey_offer import PasskeyOffer
from okplatform.web.pages.preferences import LanguageChoice, ThemeChoice
from okplatform.web.pages.styleguide import StyleguidePage
from okplatform.web.streams import EventsView

app_name = "web"
urlpatterns = [
    path("", HomePage.as_view(), name="home"),
    path("start/", StartPage.as_view(), name="start"),
    path("start/passkey/", PasskeyOffer.as_view(), name="passkey-offer"),
    path("preferences/language/", LanguageChoice.as_view(), name="language"),
    path("preferences/theme/", ThemeChoice.as_view(), name="theme"),
    path("llms.txt", LlmsText.as_view(), name="llms"),
    path("styleguide/", StyleguidePage.as_view(), name="styleguide"),
    path("health/live", LiveView.as_view(), name="live"),
    path("health/ready", ReadyView.as_view(), name="ready"),
    path("metrics", MetricsView.as_view(), name="metrics"),
    path("events/<str:channel>/", EventsView.as_view(), name="events"),
]
