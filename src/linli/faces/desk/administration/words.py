"""The log in words."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.faces.desk.administration.reads import LogLine

GROUPS = {
    "sign_ins": gettext_lazy("登录"),
    "disclosures": gettext_lazy("查看和导出"),
    "accounts": gettext_lazy("账号"),
    "personal_data": gettext_lazy("个人信息保护"),
    "appointments": gettext_lazy("任职"),
    "installation": gettext_lazy("系统管理"),
}
EVENTS = {
    "sign_in": gettext_lazy("登录"),
    "lock_account": gettext_lazy("连续输错，暂停登录"),
    "end_sessions": gettext_lazy("退出其他设备"),
    "use_recovery_code": gettext_lazy("使用备用码"),
    "unmask_person": gettext_lazy("查看完整个人信息"),
    "copy_own_data": gettext_lazy("下载本人信息副本"),
    "export_rows": gettext_lazy("导出事项"),
    "export_log": gettext_lazy("导出日志"),
    "open_account": gettext_lazy("开立账号"),
    "register_resident": gettext_lazy("居民注册"),
    "set_password": gettext_lazy("更换密码"),
    "change_own_phone": gettext_lazy("更换手机号"),
    "suspend_account": gettext_lazy("停用账号"),
    "readmit_account": gettext_lazy("恢复账号"),
    "add_second_factor": gettext_lazy("设置动态验证码"),
    "drop_second_factor": gettext_lazy("关闭动态验证码"),
    "renew_recovery_codes": gettext_lazy("更换备用码"),
    "reset_second_factor": gettext_lazy("重置动态验证码"),
    "link_sign_on": gettext_lazy("关联统一身份"),
    "make_token": gettext_lazy("申请接口令牌"),
    "revoke_token": gettext_lazy("撤销接口令牌"),
    "close_account": gettext_lazy("注销账号"),
    "give_consent": gettext_lazy("同意处理个人信息"),
    "withdraw_consent": gettext_lazy("撤回同意"),
    "run_retention": gettext_lazy("删除保存期满的信息"),
    "erase_texts": gettext_lazy("抹去文字"),
    "enter_assessment": gettext_lazy("登记影响评估"),
    "revise_assessment": gettext_lazy("修订影响评估"),
    "appoint_person": gettext_lazy("任职"),
    "end_appointment": gettext_lazy("离任"),
    "report_absence": gettext_lazy("请假代理"),
    "move_appointment": gettext_lazy("随机构调整转任"),
    "found_district": gettext_lazy("建立本区"),
    "import_territory": gettext_lazy("更新区划"),
    "establish_organization": gettext_lazy("设立机构"),
    "change_phone": gettext_lazy("更改机构电话"),
    "close_organization": gettext_lazy("撤销机构"),
    "change_unit": gettext_lazy("调整区划单位"),
    "succeed_organization": gettext_lazy("机构由其他机构接替"),
    "upload_reform": gettext_lazy("上传区划调整方案"),
    "preview_again": gettext_lazy("重新预览区划调整方案"),
    "confirm_reform": gettext_lazy("确认区划调整方案"),
    "discard_reform": gettext_lazy("放弃区划调整方案"),
    "carry_out_reform": gettext_lazy("实施区划或机构调整"),
    "import_topics": gettext_lazy("导入事项分类"),
    "upload_import": gettext_lazy("上传导入文件"),
    "confirm_import": gettext_lazy("确认导入"),
    "discard_import": gettext_lazy("放弃导入"),
    "register_household": gettext_lazy("登记住户"),
    "load_calendar": gettext_lazy("更新工作日历"),
    "publish_rates": gettext_lazy("公布季度指标"),
    "subscribe_webhook": gettext_lazy("订阅变更推送"),
    "end_webhook": gettext_lazy("停止变更推送"),
    "rotate_keys": gettext_lazy("更换密钥"),
    "drop_old_keys": gettext_lazy("删除旧密钥"),
}
PURPOSES = {
    "demands": gettext_lazy("办理诉求：内容和照片里可能有健康、行踪等敏感信息"),
    "households": gettext_lazy("登记住户：身份号码、未满十四周岁的人"),
    "public_name": gettext_lazy("公开诉求时写出反映人的称呼"),
}
ROLES = {
    "window_clerk": gettext_lazy("窗口人员"),
    "clerk": gettext_lazy("经办人"),
    "reviewer": gettext_lazy("审核人"),
    "signer": gettext_lazy("签发人"),
    "dispatcher": gettext_lazy("受理派遣员"),
    "supervisor": gettext_lazy("上级"),
    "observer": gettext_lazy("观察员"),
    "auditor": gettext_lazy("审计员"),
    "system_administrator": gettext_lazy("系统管理员"),
    "security_administrator": gettext_lazy("安全管理员"),
    "audit_administrator": gettext_lazy("审计管理员"),
}


def details(line: LogLine) -> str:
    """What the codes of a row tell in words, and the reason that was given."""
    codes: dict[str, Any] = line.codes
    parts = []
    if "role" in codes:
        parts.append(str(ROLES.get(codes["role"], codes["role"])))
    if isinstance(codes.get("rows"), int):
        parts.append(_("%(n)s 行") % {"n": codes["rows"]})
    if line.why:
        parts.append(line.why)
    return " · ".join(parts)


def in_words(line: LogLine) -> dict[str, Any]:
    """A row for the page and the spreadsheet."""
    return {
        "at": line.at,
        "event": str(EVENTS.get(line.event, line.event)),
        "actor": line.actor or _("系统"),
        "office": line.office,
        "subject": line.subject,
        "details": details(line),
    }
