"""Every address of the portal; each room keeps its own list."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("administration/", admin.site.urls),
    path("", include("partnership.pages")),
    path("", include("frameworks.urls")),
    path("", include("assessments.urls")),
    path("", include("improvement.urls")),
    path("", include("reports.urls")),
]
