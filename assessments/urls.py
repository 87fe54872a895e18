"""The addresses of this room; who may use them is in `assessments.permissions`."""

from django.urls import path

from assessments.views import assessment, scoring

app_name = "assessments"
urlpatterns = [
    path("assessments/<uuid:public_id>/", assessment.assessment, name="assessment"),
    path("assessments/<uuid:public_id>/score/", scoring.scored, name="scored"),
    path("assessments/<uuid:public_id>/criteria/<str:code>/score/", scoring.score, name="score"),
]
