"""The addresses of this room; who may use them is in `assessments.permissions`."""

from django.urls import path, register_converter

from assessments.converters import MoveConverter
from assessments.views import (
    agreeing,
    assessment,
    carrying,
    deadlines,
    delegating,
    governance,
    items,
    moves,
    register,
    rounds,
    scoring,
    signing,
    trial,
)

register_converter(MoveConverter, "move")

app_name = "assessments"
urlpatterns = [
    path("frameworks/versions/<uuid:public_id>/try/", trial.trial, name="trial"),
    path("frameworks/versions/<uuid:public_id>/try/<str:code>/", trial.trial, name="trial_node"),
    path("assessments/<uuid:public_id>/", assessment.assessment, name="assessment"),
    path("assessments/<uuid:public_id>/bring/", carrying.bring, name="bring"),
    path("assessments/<uuid:public_id>/brought/", carrying.carried, name="carried"),
    path("assessments/<uuid:public_id>/score/", scoring.scored, name="scored"),
    path("assessments/<uuid:public_id>/criteria/<str:code>/score/", scoring.score, name="score"),
    path("assessments/<uuid:public_id>/criteria/<str:code>/items/", items.items, name="items"),
    path("assessments/<uuid:public_id>/criteria/<str:code>/items/add/", items.item_add, name="item_add"),
    path("assessments/<uuid:public_id>/items/<uuid:item_id>/", items.item, name="item"),
    path("assessments/<uuid:public_id>/items/<uuid:item_id>/edit/", items.item_edit, name="item_edit"),
    path("assessments/<uuid:public_id>/items/<uuid:item_id>/remove/", items.item_remove, name="item_remove"),
    path("assessments/<uuid:public_id>/items/<uuid:item_id>/evidence/", items.item_cite, name="item_cite"),
    path(
        "assessments/<uuid:public_id>/items/<uuid:item_id>/evidence/<uuid:artefact_id>/remove/",
        items.item_uncite,
        name="item_uncite",
    ),
    path("places/<uuid:public_id>/evidence/", register.register, name="register"),
    path("places/<uuid:public_id>/evidence/add/", register.artefact_add, name="artefact_add"),
    path("places/<uuid:public_id>/bodies/add/", governance.body_add, name="body_add"),
    path("bodies/<uuid:public_id>/edit/", governance.body_edit, name="body_edit"),
    path("bodies/<uuid:public_id>/end/", governance.body_end, name="body_end"),
    path("places/<uuid:public_id>/agreements/add/", governance.agreement_add, name="agreement_add"),
    path("agreements/<uuid:public_id>/edit/", governance.agreement_edit, name="agreement_edit"),
    path("agreements/<uuid:public_id>/end/", governance.agreement_end, name="agreement_end"),
    path("artefacts/<uuid:public_id>/", register.artefact, name="artefact"),
    path("artefacts/<uuid:public_id>/edit/", register.artefact_edit, name="artefact_edit"),
    path("artefacts/<uuid:public_id>/end/", register.artefact_end, name="artefact_end"),
    path("artefacts/<uuid:public_id>/file", register.artefact_file, name="artefact_file"),
    path("systems/<uuid:public_id>/rounds/open/", rounds.round_open, name="round_open"),
    path("rounds/<uuid:public_id>/", rounds.round, name="round"),
    path("rounds/<uuid:public_id>/dates/", rounds.round_dates, name="round_dates"),
    path("rounds/<uuid:public_id>/places/add/", rounds.round_place, name="round_place"),
    path("assessments/<uuid:public_id>/deadlines/", deadlines.deadlines, name="deadlines"),
    path("assessments/<uuid:public_id>/agree/", agreeing.agreeing, name="agreeing"),
    path("assessments/<uuid:public_id>/agree/undisputed/", agreeing.undisputed, name="agree_undisputed"),
    path("assessments/<uuid:public_id>/criteria/<str:code>/agree/", agreeing.agree, name="agree"),
    path("assessments/<uuid:public_id>/moves/<move:move>/", moves.move, name="move"),
    path("assessments/<uuid:public_id>/sign/", signing.sign, name="sign"),
    path("assessments/<uuid:public_id>/sign/deputies/", delegating.deputies, name="deputies"),
    path(
        "assessments/<uuid:public_id>/sign/deputies/<uuid:delegation_id>/withdraw/",
        delegating.deputy_withdraw,
        name="deputy_withdraw",
    ),
    path("assessments/<uuid:public_id>/sign-off/", signing.signoff, name="signoff"),
]
