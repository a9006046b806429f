"""Addresses of the desk."""

from django.urls import include, path

from linli.faces.desk import views

urlpatterns = [
    path("", views.inbox_page, name="inbox"),
    path("notices/", views.notices_page, name="notices"),
    path("notices/read/", views.read_notices, name="read_notices"),
    path("filters/", views.save_filter, name="save_filter"),
    path("filters/drop/", views.drop_filter, name="drop_filter"),
    path("administration/", include("linli.faces.desk.administration.urls")),
    path("", include("linli.services.cases.desk_urls")),
]
