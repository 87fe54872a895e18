"""The addresses of this room; who may use them is in `improvement.permissions`."""

from django.urls import path

from improvement.views import actions, helping

app_name = "improvement"
urlpatterns = [
    path("places/<uuid:public_id>/actions/", actions.actions, name="actions"),
    path("assessments/<uuid:public_id>/actions/add/", actions.action_add, name="action_add"),
    path("actions/<uuid:public_id>/", actions.action_edit, name="action_edit"),
    path("systems/<uuid:public_id>/help/", helping.help, name="help"),
    path("places/<uuid:public_id>/help/add/", helping.help_add, name="help_add"),
    path("help/<uuid:public_id>/", helping.help_edit, name="help_edit"),
]
