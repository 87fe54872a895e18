"""The addresses of this room; who may use them is in `frameworks.permissions`."""

from django.urls import path

from frameworks.views import guide, library, loading, versions

app_name = "frameworks"
urlpatterns = [
    path("frameworks/", library.library, name="library"),
    path("frameworks/load/", loading.load, name="load"),
    path("frameworks/guide/<slug:name>/", guide.read, name="guide"),
    path("frameworks/begin/<slug:kind>/", library.starter, name="starter"),
    path("frameworks/versions/<uuid:public_id>/", library.version, name="version"),
    path("frameworks/versions/<uuid:public_id>/publish/", library.publish, name="publish"),
    path("frameworks/versions/<uuid:public_id>/download/<slug:kind>/", library.download, name="download"),
    path("frameworks/versions/<uuid:public_id>/changes/", versions.difference, name="difference"),
]
