"""Addresses of administration."""

from django.urls import path

from linli.faces.desk.administration import pages, privacy, reforms

urlpatterns = [
    path("offices/", pages.administered_offices, name="administered_offices"),
    path("accounts/", pages.administered_accounts, name="administered_accounts"),
    path("accounts/<uuid:account>/", pages.administered_account, name="administered_account"),
    path("accounts/<uuid:account>/suspend/", pages.suspend_account, name="suspend_account"),
    path("accounts/<uuid:account>/readmit/", pages.readmit_account, name="readmit_account"),
    path("accounts/<uuid:account>/sessions/end/", pages.end_account_sessions, name="end_account_sessions"),
    path("accounts/<uuid:account>/second-factor/reset/", pages.reset_second_factor, name="reset_second_factor"),
    path("accounts/<uuid:account>/sign-on/", pages.link_sign_on, name="link_sign_on"),
    path("retention/", privacy.administered_retention, name="administered_retention"),
    path("assessments/", privacy.administered_assessments, name="administered_assessments"),
    path("assessments/<slug:purpose>/", privacy.administered_assessment, name="administered_assessment"),
    path("reforms/", reforms.administered_reforms, name="administered_reforms"),
    path("reforms/<int:reform>/", reforms.administered_reform, name="administered_reform"),
    path("log/", pages.administration_log, name="administration_log"),
    path("log/export.xlsx", pages.export_log, name="export_log"),
]
