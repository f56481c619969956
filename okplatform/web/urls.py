"""The addresses of the frames themselves: home, start, preferences, streams and health."""

from django.urls import path

from okplatform.web.pages.home import HomePage, StartPage
from okplatform.web.pages.preferences import LanguageChoice, ThemeChoice

app_name = "web"
urlpatterns = [
    path("", HomePage.as_view(), name="home"),
    path("start/", StartPage.as_view(), name="start"),
    path("preferences/language/", LanguageChoice.as_view(), name="language"),
    path("preferences/theme/", ThemeChoice.as_view(), name="theme"),
]
