"""Addresses of the residents' face."""

from django.urls import include, path

from linli.faces.portal import record, views

urlpatterns = [
    path("", views.home, name="home"),
    path("", include("linli.services.cases.portal_urls")),
    path("record/", record.checkpoints, name="checkpoints"),
    path("record/checkpoints.jsonl", record.checkpoints_file, name="checkpoints_file"),
    path("record/rows.jsonl", record.rows_file, name="rows_file"),
    path("record/public.pem", record.key_file, name="key_file"),
    path("record/check/", record.check_receipt, name="check_receipt"),
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("files/<uuid:file>/", views.matter_file, name="matter_file"),
    path("territory/outlines/<slug:level>.geojson", views.territory_outlines, name="territory_outlines"),
]
