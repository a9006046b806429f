"""Mounts the faces."""

from django.urls import include, path

urlpatterns = [
    path("", include("linli.ground.look.urls")),
    path("", include("linli.faces.portal.urls")),
    path("desk/", include("linli.faces.desk.urls")),
]
