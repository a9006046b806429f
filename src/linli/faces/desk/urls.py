"""Addresses of the desk."""

from django.urls import include, path

from linli.faces.desk import tokens, views

urlpatterns = [
    path("", views.inbox_page, name="inbox"),
    path("notices/", views.notices_page, name="notices"),
    path("notices/read/", views.read_notices, name="read_notices"),
    path("filters/", views.save_filter, name="save_filter"),
    path("filters/drop/", views.drop_filter, name="drop_filter"),
    path("tokens/", tokens.own_tokens_page, name="own_tokens_page"),
    path("tokens/new/", tokens.new_token, name="new_token"),
    path("tokens/<uuid:token>/revoke/", tokens.revoke_own_token, name="revoke_own_token"),
    path("administration/", include("linli.faces.desk.administration.urls")),
    path("", include("linli.services.cases.desk_urls")),
]
