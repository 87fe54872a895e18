"""Every address of the portal; each room keeps its own list."""

from django.contrib import admin
from django.urls import path

urlpatterns = [
    path("administration/", admin.site.urls),
]
