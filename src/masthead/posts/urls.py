"""Addresses of the posts pages."""

from django.urls import path

from masthead.posts import calendar, editor, views
from masthead.posts.history import views as past
from masthead.posts.sunset import views as sunset

app_name = "posts"
urlpatterns = [
    path("w/<slug:slug>/posts/", views.post_list, name="list"),
    path("w/<slug:slug>/posts/new/", editor.new, name="new"),
    path("w/<slug:slug>/posts/<int:post_id>/", editor.compose, name="compose"),
    path("w/<slug:slug>/posts/<int:post_id>/save/", editor.save, name="save"),
    path("w/<slug:slug>/posts/<int:post_id>/second-wording/", editor.second_wording, name="twin"),
    path("w/<slug:slug>/posts/<int:post_id>/submit/", editor.submit, name="submit"),
    path("w/<slug:slug>/posts/<int:post_id>/approve/", editor.approve, name="approve"),
    path("w/<slug:slug>/posts/<int:post_id>/ask/", editor.ask_for_changes, name="ask"),
    path("w/<slug:slug>/posts/<int:post_id>/edit/", editor.take_back, name="take_back"),
    path("w/<slug:slug>/posts/<int:post_id>/schedule/", editor.schedule_post, name="schedule"),
    path("w/<slug:slug>/posts/<int:post_id>/comments/", editor.add_comment, name="comment"),
    path("w/<slug:slug>/posts/<int:post_id>/archive/", views.archive_post, name="archive"),
    path("w/<slug:slug>/posts/<int:post_id>/restore/", views.restore_post, name="restore"),
    path("w/<slug:slug>/posts/<int:post_id>/delete/", views.delete_post, name="delete"),
    path("w/<slug:slug>/calendar/", calendar.calendar, name="calendar"),
    path("w/<slug:slug>/publications/<int:publication_id>/", views.publication, name="publication"),
    path("w/<slug:slug>/publications/<int:publication_id>/cancel/", views.cancel, name="cancel"),
    path("w/<slug:slug>/publications/<int:publication_id>/move/", views.move, name="move"),
    path("w/<slug:slug>/publications/<int:publication_id>/retry/", views.retry, name="retry"),
    path("w/<slug:slug>/publications/<int:publication_id>/answer/", views.answer, name="answer"),
    path("w/<slug:slug>/publications/<int:publication_id>/amend/", views.amend_text, name="amend"),
    path("w/<slug:slug>/publications/<int:publication_id>/remove/", views.remove, name="remove"),
    path("w/<slug:slug>/sunset/", sunset.overview, name="sunsets"),
    path("w/<slug:slug>/sunset/announce/", sunset.announce_page, name="sunset_announce"),
    path("w/<slug:slug>/sunset/<int:sunset_id>/", sunset.show, name="sunset"),
    path("w/<slug:slug>/sunset/<int:sunset_id>/change/", sunset.change_page, name="sunset_change"),
    path("w/<slug:slug>/sunset/<int:sunset_id>/withdraw/", sunset.withdraw_sunset, name="sunset_withdraw"),
    path("w/<slug:slug>/sunset/<int:sunset_id>/export/", sunset.export_now, name="sunset_export"),
    path("w/<slug:slug>/sunset/<int:sunset_id>/move/", sunset.move, name="sunset_move"),
    path("w/<slug:slug>/sunset/<int:sunset_id>/restore/", sunset.restore_held, name="sunset_restore"),
    path("w/<slug:slug>/sunset/<int:sunset_id>/tell/", sunset.tell_clients, name="sunset_tell"),
    path("w/<slug:slug>/exports/<uuid:key>/", sunset.download, name="export"),
    path("w/<slug:slug>/past-posts/", past.past_list, name="past"),
    path("w/<slug:slug>/past-posts/<int:past_post_id>/", past.past_show, name="past_show"),
    path("w/<slug:slug>/past-posts/<int:past_post_id>/use-again/", past.use_again, name="past_again"),
    path("w/<slug:slug>/past-posts/import/<int:channel_id>/", past.import_again, name="past_import"),
]
