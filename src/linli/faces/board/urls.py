"""Addresses of the board."""

from django.urls import path

from linli.faces.board import briefing, hot_topics, sheets, views

urlpatterns = [
    path("", views.board, name="board"),
    path("briefing/", briefing.briefing, name="briefing"),
    path("briefing.pdf", briefing.briefing_paper, name="briefing_paper"),
    path("rows/<slug:number>/", views.board_rows, name="board_rows"),
    path("hot-topics/<int:topic>/", hot_topics.board_hot_topic, name="board_hot_topic"),
    path("hot-topics.xlsx", hot_topics.board_hot_topics_sheet, name="board_hot_topics_sheet"),
    path("points.geojson", views.board_points, name="board_points"),
    path("sheets/<slug:table>.xlsx", sheets.board_sheet, name="board_sheet"),
]
