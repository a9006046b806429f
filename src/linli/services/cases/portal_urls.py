"""Addresses of demands on the residents' face."""

from django.urls import path

from linli.services.cases.portal import filing, known, looking_up, mine, shared

urlpatterns = [
    path("file/", filing.file_case, name="file_case"),
    path("file/known/", known.file_known, name="file_known"),
    path("file/emergency/", filing.file_emergency, name="file_emergency"),
    path("file/where/", filing.file_where, name="file_where"),
    path("file/contact/", filing.file_contact, name="file_contact"),
    path("file/review/", filing.file_review, name="file_review"),
    path("file/done/", filing.filed, name="filed"),
    path("file/done/receipt.txt", filing.filed_receipt, name="filed_receipt"),
    path("lookup/", looking_up.look_up_case, name="look_up_case"),
    path("lookup/recover/", looking_up.recover_code, name="recover_code"),
    path("lookup/recover/check/", looking_up.recover_code_check, name="recover_code_check"),
    path("lookup/recover/new/", looking_up.recovered, name="recovered"),
    path("cases/", shared.public_list, name="public_cases"),
    path("cases/export.xlsx", shared.public_sheet, name="public_cases_sheet"),
    path("cases/<slug:number>/", shared.public_page, name="public_case"),
    path("mine/", mine.my_matters, name="my_matters"),
    path("mine/export.xlsx", mine.my_matters_sheet, name="my_matters_sheet"),
    path("mine/<slug:number>/", mine.my_case, name="my_case"),
    path("mine/<slug:number>/<slug:step>/", mine.my_case_step, name="my_case_step"),
]
