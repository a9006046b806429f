"""Addresses of the residents' face."""

from django.urls import include, path

from linli.faces.portal import entrance, own, record, registering, second_factor, sessions, single_sign_on, views

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
    path("mine/sessions/", sessions.my_sessions, name="my_sessions"),
    path("mine/sessions/end/", sessions.end_my_sessions, name="end_my_sessions"),
    path("mine/second-factor/", second_factor.second_factor, name="second_factor"),
    path("mine/second-factor/drop/", second_factor.drop_second_factor, name="drop_second_factor"),
    path("mine/second-factor/codes/", second_factor.renew_recovery_codes, name="renew_recovery_codes"),
    path("", include("linli.services.cases.portal_urls")),
    path("record/", record.checkpoints, name="checkpoints"),
    path("record/checkpoints.jsonl", record.checkpoints_file, name="checkpoints_file"),
    path("record/rows.jsonl", record.rows_file, name="rows_file"),
    path("record/public.pem", record.key_file, name="key_file"),
    path("record/check/", record.check_receipt, name="check_receipt"),
    path("sign-in/", entrance.sign_in, name="sign_in"),
    path("sign-in/code/", entrance.sign_in_code, name="sign_in_code"),
    path("sign-in/single/", single_sign_on.single_sign_on, name="single_sign_on"),
    path("sign-in/single/back/", single_sign_on.single_sign_on_back, name="single_sign_on_back"),
    path("sign-out/", entrance.sign_out, name="sign_out"),
    path("files/<uuid:file>/", views.matter_file, name="matter_file"),
    path("territory/outlines/<slug:level>.geojson", views.territory_outlines, name="territory_outlines"),
]
