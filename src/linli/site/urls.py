"""Mounts the faces."""

from django.urls import include, path

urlpatterns = [
    path("", include("linli.ground.look.urls")),
    path("", include("linli.faces.portal.urls")),
    path("", include("linli.faces.standards.urls")),
    path("desk/", include("linli.faces.desk.urls")),
    path("board/", include("linli.faces.board.urls")),
    path("api/v1/", include("linli.faces.api.urls")),
]

handler403 = "linli.ground.look.views.refused"
handler404 = "linli.ground.look.views.not_found"
handler500 = "linli.ground.look.views.broken"
