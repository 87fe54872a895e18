"""The addresses of this room; who may use them is in `partnership.permissions`."""

from django.urls import path

from partnership.views import (
    closing,
    guides,
    help_texts,
    invitations,
    joining,
    kept,
    leaving,
    passwords,
    preferences,
    pseudonyms,
    service,
    sign_in,
)

app_name = "partnership"
urlpatterns = [
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("sign-in/time/", sign_in.sign_in_time, name="sign_in_time"),
    path("kept/<uuid:public_id>/", kept.kept, name="kept"),
    path("password/change/", passwords.password_change, name="password_change"),
    path("password/reset/", passwords.password_reset, name="password_reset"),
    path("password/reset/sent/", passwords.password_reset_sent, name="password_reset_sent"),
    path("password/reset/done/", passwords.password_reset_done, name="password_reset_done"),
    path(
        "password/reset/<uuid:public_id>/<str:token>/", passwords.password_reset_confirm, name="password_reset_confirm"
    ),
    path("invitations/", invitations.inviting, name="inviting"),
    path("systems/<uuid:public_id>/invitations/", invitations.invitations, name="invitations"),
    path("systems/<uuid:public_id>/invitations/add/", invitations.invite, name="invite"),
    path("systems/<uuid:public_id>/invitations/add/several/", invitations.invite_several, name="invite_several"),
    path("invitations/<uuid:public_id>/", invitations.invitation, name="invitation"),
    path("invitations/<uuid:public_id>/send-again/", invitations.send_again, name="invitation_send_again"),
    path("invitations/<uuid:public_id>/withdraw/", invitations.withdraw, name="invitation_withdraw"),
    path("join/<str:token>/", joining.join, name="join"),
    path("e-mails/", preferences.preferences, name="preferences"),
    path("e-mails/stop/<str:token>/", preferences.unsubscribe, name="unsubscribe"),
    path("people/<uuid:public_id>/leave/", leaving.leave, name="leave"),
    path("people/<uuid:public_id>/pseudonymise/", pseudonyms.pseudonymise, name="pseudonymise"),
    path("systems/<uuid:public_id>/places/", closing.places, name="places"),
    path("systems/<uuid:public_id>/places/close/", closing.close_places, name="close_places"),
    path("places/<uuid:public_id>/open-again/", closing.open_place_again, name="open_place_again"),
    path("first-steps/<slug:guide>/", guides.put_away, name="put_away"),
    path("help/", help_texts.help_index, name="help"),
    path("systems/<uuid:public_id>/help/<slug:page>/", help_texts.help_page, name="help_page"),
    path("systems/<uuid:public_id>/help/<slug:page>/edit/", help_texts.help_edit, name="help_edit"),
    path("systems/<uuid:public_id>/help/<slug:page>/history/", help_texts.help_history, name="help_history"),
    path("glossary/", guides.glossary, name="glossary"),
    path("privacy/", service.privacy, name="privacy"),
    path("cookies/", service.cookies, name="cookies"),
    path("accessibility/", service.accessibility, name="accessibility"),
    path("health", service.health, name="health"),
]
