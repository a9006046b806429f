"""Addresses of the board."""

from django.urls import path

from linli.faces.board import briefing, sheets, views

urlpatterns = [
    path("", views.board, name="board"),
    path("briefing/", briefing.briefing, name="briefing"),
    path("briefing.pdf", briefing.briefing_paper, name="briefing_paper"),
    path("rows/<slug:number>/", views.board_rows, name="board_rows"),
    path("points.geojson", views.board_points, name="board_points"),
    path("sheets/<slug:table>.xlsx", sheets.board_sheet, name="board_sheet"),
]
