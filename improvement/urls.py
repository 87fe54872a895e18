"""The addresses of this room; who may use them is in `improvement.permissions`."""

from django.urls import path

from improvement.views import actions

app_name = "improvement"
urlpatterns = [
    path("places/<uuid:public_id>/actions/", actions.actions, name="actions"),
    path("assessments/<uuid:public_id>/actions/add/", actions.action_add, name="action_add"),
    path("actions/<uuid:public_id>/", actions.action_edit, name="action_edit"),
]
