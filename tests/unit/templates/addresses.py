"""The only addresses that the page frame and the static pages link to, for rendering them without any views."""

from django.urls import include, path


def nowhere(request):
    raise AssertionError("These addresses are for links alone")


NAMES = ("sign_in", "sign_in_time", "sign_out", "password_change", "preferences", "glossary", "help")
NAMES += ("privacy", "cookies", "accessibility")
OF_PEOPLE = [path(f"{name}/", nowhere, name=name) for name in NAMES]
OF_PEOPLE += [path("first-steps/<slug:guide>/", nowhere, name="put_away")]
urlpatterns = [path("people/", include((OF_PEOPLE, "partnership")))]
