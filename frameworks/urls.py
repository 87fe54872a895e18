"""The addresses of this room; who may use them is in `frameworks.permissions`."""

from django.urls import path

from frameworks.views import versions

app_name = "frameworks"
urlpatterns = [
    path("frameworks/versions/<uuid:public_id>/changes/", versions.difference, name="difference"),
]
