"""Addresses of workspaces and people."""

from django.urls import path

from masthead.workspaces.views import audit, invitation, members, profile, settings, start, tokens

app_name = "workspaces"
urlpatterns = [
    path("", start.start, name="start"),
    path("welcome/", start.welcome, name="welcome"),
    path("workspaces/new/", start.new, name="new"),
    path("profile/", profile.profile, name="profile"),
    path("invitations/<str:token>/", invitation.invitation, name="invitation"),
    path("w/<slug:slug>/members/", members.member_list, name="members"),
    path("w/<slug:slug>/members/invite/", members.send_invitation, name="invite"),
    path("w/<slug:slug>/members/<int:member_id>/role/", members.change_role, name="change_role"),
    path("w/<slug:slug>/members/<int:member_id>/remove/", members.remove, name="remove"),
    path("w/<slug:slug>/invitations/<int:invitation_id>/resend/", members.resend_invitation, name="resend"),
    path("w/<slug:slug>/invitations/<int:invitation_id>/revoke/", members.revoke_invitation, name="revoke"),
    path("w/<slug:slug>/settings/", settings.settings, name="settings"),
    path("w/<slug:slug>/settings/delete/", settings.delete, name="delete"),
    path("w/<slug:slug>/tokens/", tokens.token_list, name="tokens"),
    path("w/<slug:slug>/tokens/<int:token_id>/revoke/", tokens.revoke, name="revoke_token"),
    path("w/<slug:slug>/audit/", audit.audit, name="audit"),
]
