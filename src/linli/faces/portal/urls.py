"""Addresses of the residents' face."""

from django.urls import include, path

from linli.faces.portal import own, record, registering, rights, views

urlpatterns = [
    path("", views.home, name="home"),
    path("register/", registering.register, name="register"),
    path("register/check/", registering.register_check, name="register_check"),
    path("register/details/", registering.register_details, name="register_details"),
    path("sign-in/forgot/", registering.forgot_password, name="forgot_password"),
    path("sign-in/forgot/check/", registering.forgot_password_check, name="forgot_password_check"),
    path("sign-in/forgot/new/", registering.forgot_password_new, name="forgot_password_new"),
    path("privacy/", registering.privacy, name="privacy"),
    path("mine/notices/", own.my_notices, name="my_notices"),
    path("mine/notices/read/", own.read_my_notices, name="read_my_notices"),
    path("mine/notices/export.xlsx", own.my_notices_sheet, name="my_notices_sheet"),
    path("mine/profile/", own.my_profile, name="my_profile"),
    path("mine/password/", own.my_password, name="my_password"),
    path("mine/data/", rights.my_data, name="my_data"),
    path("mine/data/copy.json", rights.my_data_copy, name="my_data_copy"),
    path("mine/close/", rights.close_my_account, name="close_my_account"),
    path("", include("linli.services.cases.portal_urls")),
    path("", include("linli.insight.indicators.portal_urls")),
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
