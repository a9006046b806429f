"""Addresses of the board."""

from django.urls import path

from linli.faces.board import sheets, views

urlpatterns = [
    path("", views.board, name="board"),
    path("rows/<slug:number>/", views.board_rows, name="board_rows"),
    path("sheets/<slug:table>.xlsx", sheets.board_sheet, name="board_sheet"),
]
