"""Codes into words: states, steps, what is missing, how an event reads on the timeline."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from linli.kernel.procedure import Blocker

STATES: Mapping[str, Promise] = {
    "received": _("已收到"),
    "filed": _("已立案"),
    "dispatched": _("已派遣，待签收"),
    "returned": _("已退回"),
    "disputed": _("待指定承办"),
    "merged": _("已并案"),
    "accepted": _("办理中"),
    "waiting": _("待补充"),
    "handled": _("已办理，待答复"),
    "drafted": _("答复已拟稿"),
    "reviewed": _("答复已审核"),
    "replied": _("已答复，待核查"),
    "verified": _("已核查"),
    "closed": _("已结案"),
    "rectifying": _("差评整改中"),
    "rectified": _("已整改，待回访"),
    "declined": _("不予受理"),
    "withdrawn": _("已撤回"),
}

# The tone of a state's badge.
TONES: Mapping[str, str] = {
    "received": "new",
    "filed": "new",
    "dispatched": "new",
    "returned": "stopped",
    "disputed": "stopped",
    "waiting": "waiting",
    "merged": "waiting",
    "replied": "waiting",
    "closed": "done",
    "rectified": "waiting",
    "declined": "stopped",
    "withdrawn": "stopped",
}

# What a button says, and how the same act reads on the timeline.
STEPS: Mapping[str, tuple[Promise, Promise]] = {
    "receive_case": (_("提交诉求"), _("收到诉求")),
    "report_difficulty": (_("上报困难"), _("社区上报困难")),
    "import_case": (_("导入"), _("由其他系统导入")),
    "file_case": (_("立案"), _("已立案")),
    "decline_case": (_("不予受理"), _("不予受理")),
    "dispatch_case": (_("派遣"), _("已派遣")),
    "escalate_case": (_("报区处理"), _("已报区处理")),
    "accept_case": (_("签收"), _("已签收")),
    "return_case": (_("退单"), _("已退单")),
    "recall_case": (_("收回"), _("已收回")),
    "open_part": (_("新建分办件"), _("收到分办任务")),
    "split_case": (_("拆分交办"), _("已拆分交办")),
    "join_parts": (_("分办件办齐"), _("各分办件都已办结，可以拟联合答复")),
    "end_part": (_("终止分办"), _("主件已终止，分办件不再办理")),
    "merge_case": (_("并案"), _("已并案，与另一件一并办理")),
    "unmerge_case": (_("分开"), _("已分开，单独办理")),
    "release_merged": (_("主件未办，分开"), _("主件没有办下去，已分开单独办理")),
    "close_merged": (_("答复并案"), _("主件已办结，已答复并结案")),
    "warn_merged": (_("提醒答复并案"), _("主件已结案，等待答复")),
    "hand_over_case": (_("转出"), _("已转出，重新派遣")),
    "rule_holder": (_("指定承办"), _("上级已指定承办单位")),
    "warn_unruled": (_("提醒指定承办"), _("超时未指定承办单位")),
    "claim_case": (_("认领"), _("已认领")),
    "release_case": (_("放回待认领"), _("已放回待认领")),
    "assign_case": (_("指派经办人"), _("已指派经办人")),
    "ask_supplement": (_("要求补充"), _("请您补充材料")),
    "supply_supplement": (_("补充材料"), _("已补充材料")),
    "lapse_supplement": (_("补充期满"), _("补充期已过，按现有材料办理")),
    "request_extension": (_("申请延期"), _("已申请延期")),
    "grant_extension": (_("同意延期"), _("已同意延期")),
    "refuse_extension": (_("不同意延期"), _("未同意延期")),
    "handle_case": (_("登记办理情况"), _("已办理")),
    "draft_reply": (_("拟稿"), _("答复已拟稿")),
    "review_reply": (_("审核通过"), _("答复已审核")),
    "send_back_reply": (_("退回重拟"), _("答复退回重拟")),
    "sign_reply": (_("签发答复"), _("已答复")),
    "call_back_case": (_("登记回访"), _("已回访")),
    "confirm_solved": (_("确认已解决"), _("反映人确认已解决")),
    "verify_case": (_("核查通过"), _("已核查")),
    "close_case": (_("结案"), _("已结案")),
    "rate_case": (_("评价"), _("已评价")),
    "appeal_rating": (_("申诉评价"), _("承办单位对评价提出申诉")),
    "uphold_rating": (_("维持评价"), _("申诉不成立，评价有效")),
    "overrule_rating": (_("认定评价不实"), _("申诉成立，评价不计入统计")),
    "open_rectification": (_("转入整改"), _("评价不满意，转入整改")),
    "contact_rater": (_("联系评价人"), _("已联系评价人")),
    "rectify_case": (_("登记整改情况"), _("已整改")),
    "close_rectification": (_("整改办结"), _("整改已办结")),
    "reopen_case": (_("不满意，要求重办"), _("反映人要求重办")),
    "reopen_for_filer": (_("交回重办"), _("回访未解决，已交回重办")),
    "request_reopening": (_("再次申请重办"), _("已再次申请重办")),
    "grant_reopening": (_("同意重办"), _("已同意重办")),
    "refuse_reopening": (_("不同意重办"), _("未同意重办")),
    "withdraw_case": (_("撤回诉求"), _("反映人已撤回")),
    "urge_case": (_("催办"), _("反映人催办")),
    "supervise_case": (_("督办"), _("上级督办")),
    "instruct_case": (_("批示"), _("上级批示")),
    "add_note": (_("记工作备注"), _("工作备注")),
    "publish_case": (_("公开"), _("已公开")),
    "unpublish_case": (_("撤下公开"), _("已撤下公开")),
    "warn_unaccepted": (_("提醒签收"), _("超时未签收")),
    "warn_holder": (_("到期预警"), _("临近到期")),
    "mark_overdue": (_("标记超期"), _("已超过承诺时限")),
    "warn_unverified": (_("提醒核查"), _("超时未核查")),
    "renew_code": (_("重发查询码"), _("已重发查询码")),
    "adopt_case": (_("归入账号"), _("已归入反映人的账号")),
    "release_for_leaver": (_("离岗放回"), _("经办人已离岗，放回待认领")),
    "follow_reform": (_("随调整转移"), _("区划或机构有调整，改由接替的单位办理，答复日期不变")),
}

# What a filer is told of an event, behind "您反映的事项 …：".
TOLD: Mapping[str, Promise] = {
    "receive_case": _("已经收到，会在承诺的日期前答复您"),
    "file_case": _("已经立案，答复日期有变动，请看进展"),
    "accept_case": _("承办单位已经签收，正在办理"),
    "rule_holder": _("上级已经指定承办单位，正在办理"),
    "merge_case": _("与先前反映同一件事的诉求一并办理，进展可以照常查看"),
    "unmerge_case": _("已经分开，单独办理，新的答复日期请看进展"),
    "release_merged": _("一并办理的那一件没有办下去，已经分开单独办理"),
    "close_merged": _("已经答复并结案，请看看是否解决，也请您评价"),
    "ask_supplement": _("需要您补充材料，请按期补充"),
    "lapse_supplement": _("没有收到补充的材料，按现有材料接着办"),
    "grant_extension": _("办理期限延长了，新的答复日期请看进展"),
    "mark_overdue": _("超过了承诺的日期，上级会督促，您也可以催一催"),
    "sign_reply": _("已经答复，请看看是否解决"),
    "decline_case": _("没有受理，理由和应当找谁办请看进展"),
    "close_case": _("已经结案，还没有评价的请您评价"),
    "reopen_for_filer": _("回访得知没有解决，已交回重办"),
    "grant_reopening": _("上级同意重办，已交回承办单位"),
    "uphold_rating": _("承办单位对您的评价有申诉，上级决定评价有效"),
    "overrule_rating": _("承办单位对您的评价有申诉，上级认为不实，不计入统计，理由请看进展"),
    "open_rectification": _("您不满意，承办单位要整改，会先联系您"),
    "rectify_case": _("已经整改，请看看是否解决"),
    "close_rectification": _("整改已经办结，回访结果请看进展"),
    "refuse_reopening": _("上级没有同意重办，理由请看进展"),
    "publish_case": _("遮去个人信息以后，已经公开"),
    "unpublish_case": _("已经撤下，不再公开"),
    "withdraw_case": _("已经撤回，不再办理"),
    "renew_code": _("查询码已经更换，原来的作废；不是您本人办的，请联系受理窗口"),
}

TEXTS: Mapping[str, Promise] = {
    "title": _("标题"),
    "text": _("内容"),
    "place": _("地点"),
    "note": _("说明"),
    "reason": _("理由"),
    "right_door": _("应当找谁办"),
    "question": _("需要补充的内容"),
    "supplement": _("补充的内容"),
    "work": _("办理情况"),
    "draft": _("答复稿"),
    "reply": _("答复"),
    "comment": _("评价意见"),
    "part": _("交办内容"),
    "rectified": _("整改情况"),
    "requirement": _("督办要求"),
    "instruction": _("批示内容"),
    "asker": _("来源用户"),
    "public_title": _("公开标题"),
    "public_text": _("公开内容"),
    "public_reply": _("公开答复"),
}

CHANNELS: Mapping[str, Promise] = {
    "web": _("网上"),
    "counter": _("窗口"),
    "phone": _("电话"),
    "letter": _("来信"),
    "hotline_12345": _("12345热线"),
    "platform": _("其他平台"),
    "committee": _("社区困难"),
    "part": _("拆分交办"),
}

RATINGS: Mapping[int, Promise] = {
    5: _("非常满意"),
    4: _("满意"),
    3: _("基本满意"),
    2: _("不满意"),
    1: _("非常不满意"),
}

# What stands behind a rating that was appealed against.
APPEALS: Mapping[str, Promise] = {
    "asked": _("承办单位已申诉，等上级决定"),
    "upheld": _("申诉不成立，评价有效"),
    "unfair": _("申诉成立，不计入统计"),
}

CALL_RESULTS: Mapping[str, Promise] = {
    "solved": _("反映人认为已解决"),
    "unsolved": _("反映人认为未解决"),
    "unreached": _("未接通"),
}

BLOCKERS: Mapping[str, Promise] = {
    "topic_missing": _("还没有分类：请先立案并选定事项分类。"),
    "return_time_over": _("退单须在派遣后 %(hours)s 小时内，现已超过；请签收办理，或请上级协调。"),
    "ruled_before": _("上级已经指定由本单位承办，不能再退回；有困难请报上级协调。"),
    "common_superior_only": _("须由各退单单位共同的上级指定承办单位。"),
    "supplement_asked_before": _("补充材料只能一次性告知，这件诉求已经要求过一次。"),
    "extended_before": _("这件诉求已经延期过，不能再延。"),
    "extension_already_asked": _("延期申请正在等上级答复。"),
    "extension_after_due": _("已过承诺时限，不能再申请延期；请尽快办结并说明原因。"),
    "grant_after_due": _("已过承诺时限，不能再同意延期；请答复不同意，并督促尽快办结。"),
    "extension_too_long": _("一次最多延长 %(most)s 个工作日。"),
    "asked_by_yourself": _("延期是您自己申请的，请由另一位负责人决定。"),
    "no_extension_asked": _("没有待答复的延期申请。"),
    "handler_missing": _("还没有经办人：请认领或指派。"),
    "not_own_case": _("您不是这件诉求的经办人。"),
    "already_claimed": _("已有经办人；如需更换，请用“指派经办人”。"),
    "no_committee": _("只有社区居委会的工作人员可以上报社区困难。"),
    "at_district_already": _("这件诉求已在区受理中心。"),
    "not_in_unit": _("经办人须是承办单位的工作人员，请在承办单位内指派。"),
    "unit_not_possible": _("%(unit)s 不能承办这件诉求：不在这个街道，已停用，或者正是被投诉的单位。请另选单位。"),
    "topic_not_in_use": _("“%(topic)s”不是在用的事项分类，请在列表里选最末一级。"),
    "same_person_drafted": _("这份答复由您拟稿，请由另一位同事审核、签发。"),
    "review_missing": _("答复还没有审核：请先由审核人通过。"),
    "signer_only": _("这类事项的答复须由签发人签发。"),
    "call_back_missing": _("还没有回访结果：需反映人确认，或回访满 %(needed)s 次(已 %(tried)s 次)。"),
    "called_recently": _("刚刚打过，没有接通；%(again_at)s 后再打才算一次。接通了随时可以登记。"),
    "confirmed_by_filer": _("反映人已经确认解决，不需要回访。"),
    "solved_is_false": _("回访说没有解决，请交回重办。"),
    "not_said_unsolved": _("只有回访说没有解决的，才能交回重办。"),
    "no_contact": _("反映人没有留下联系方式，无法回访；可直接核查。"),
    "already_confirmed": _("已经确认过了。"),
    "already_rated": _("一件诉求评价一次，您已评价。谢谢！"),
    "part_of_whole": _("这是一件诉求的分办件，这一步请在主件上办。"),
    "parts_open": _("还有分办件没有办结，办齐以后再办这一步。"),
    "part_outlasts": _("分办件须在主件的时限（%(due)s）以前办完，请减少天数。"),
    "complaint_stands_alone": _("投诉单位的诉求要单独办理，不能并案。"),
    "leading_busy": _("主件正有人在办理，请稍候再试。"),
    "leads_itself": _("这就是这一件本身，请填另一件的编号。"),
    "leading_out_of_scope": _("主件不在您能查看的范围内，不能并入。"),
    "leading_follows": _("那一件自己已经并入别的诉求，请填它的主件编号。"),
    "leading_ended": _("那一件没有受理或者已经撤回，不能作主件。"),
    "has_followers": _("已有诉求并入这一件，它不能再并入别的；请反过来并案。"),
    "leading_open": _("主件还没有结案，结案以后再答复。"),
    "not_rated_badly": _("只有“不满意”“非常不满意”的评价可以申诉。"),
    "appealed_before": _("对这次评价已经申诉过，申诉只有一次。"),
    "rated_unit_only": _("只有被评价的承办单位可以申诉。"),
    "appeal_time_over": _("申诉的期限已过。"),
    "no_appeal": _("没有待决定的申诉。"),
    "outside_superior_only": _("须由承办单位以外的上级决定。"),
    "rater_unreachable": _("评价人没有留下联系方式，不需要联系，请直接整改。"),
    "rater_contacted": _("已经联系过评价人，请整改。"),
    "contact_by_counter": _("反映人选择不让承办单位看到身份，请由受理窗口联系。"),
    "contact_missing": _("还没有联系评价人：请先联系，问清哪里不满意。"),
    "urged_recently": _("刚刚催过，我们已收到；%(again_at)s 后可再次催办。"),
    "reopened_before": _("直接重办的机会已用过；结案后可申请重办，由上级决定。"),
    "reopen_by_right_first": _("您可以直接要求重办，无须申请。"),
    "reopening_already_asked": _("重办申请正在等上级答复。"),
    "reopening_time_over": _("申请重办的期限已过；如有新情况，请提交新的诉求。"),
    "no_reopening_asked": _("没有待答复的重办申请。"),
    "filer_keeps_private": _("反映人选择不公开。"),
    "not_published": _("这件诉求没有公开。"),
    "numbers_left": _("还不能公开，文字里还有号码：%(found)s。请改掉；公开个人信息须经本人单独同意。"),
    "filer_not_to_be_named": _("文字里写出了反映人的称呼：%(found)s。本人没有单独同意公开，请遮去。"),
    "names_left": _("文字里还有像姓名或住址的内容：%(found)s。请改掉；确认不是个人信息的，请勾选说明后再公开。"),
    "phone_not_shown": _("这件诉求留的不是这个已验证的手机号，或者已在别的账号里。"),
    "not_found": _("没有找到这件诉求。"),
    "not_granted": _("您的岗位不能办理这一步。"),
    "out_of_scope": _("这件诉求不在您的办理范围内。"),
    "not_open": _("当前状态不能进行这一步；可能同事刚刚办过，请看最新进展。"),
}


def rating_words(rating: int | None, appeal: str = "") -> str:
    """A rating, and what became of an appeal against it; empty where nobody rated."""
    words = str(RATINGS.get(rating or 0, ""))
    if not words or appeal not in APPEALS:
        return words
    return str(_("%(rating)s（%(appeal)s）")) % {"rating": words, "appeal": APPEALS[appeal]}


def blocker_words(blocker: Blocker) -> str:
    """What is missing, in a sentence."""
    values = {name: _value_words(value) for name, value in blocker.values.items()}
    return str(BLOCKERS[blocker.code]) % values


def refusal_words(reason: str, blockers: tuple[Blocker, ...]) -> list[str]:
    """Every sentence of a refusal."""
    return [blocker_words(blocker) for blocker in blockers] or [str(BLOCKERS[reason])]


def _value_words(value: Any) -> str:
    if isinstance(value, datetime):
        return f"{value.astimezone(ZoneInfo(settings.TIME_ZONE)):%Y-%m-%d %H:%M}"
    return str(value)
