"""The words of the board."""

from django.utils.translation import gettext_lazy as _

from linli.insight.indicators.facade import Change, Ratio, Standing

RATIOS = {
    Ratio.RESPONSE: _("按期答复率"),
    Ratio.CLOSING: _("按期办结率"),
    Ratio.SOLUTION: _("解决率"),
    Ratio.SATISFACTION: _("满意率"),
    Ratio.MENDING: _("差评整改率"),
    Ratio.TOPICS: _("分类建议采纳率"),
    Ratio.UNITS: _("承办单位建议采纳率"),
    Ratio.MERGES: _("并案建议采纳率"),
}
MEANINGS = {
    Ratio.RESPONSE: _("答复期限在这段时间内到期的诉求中，按期答复的"),
    Ratio.CLOSING: _("答复期限在这段时间内到期的诉求中，按期办结的（口径待核实，不作为法定指标）"),
    Ratio.SOLUTION: _("这段时间内反映人说过是否解决的诉求中，说已解决的"),
    Ratio.SATISFACTION: _("这段时间内的评价中，基本满意及以上的；申诉成立的评价不算"),
    Ratio.MENDING: _("这段时间内的差评中，已经整改的"),
    Ratio.TOPICS: _("这段时间内立案、系统提过分类建议的诉求中，按建议立案的"),
    Ratio.UNITS: _("这段时间内派遣、系统提过承办单位的诉求中，按建议派遣的"),
    Ratio.MERGES: _("系统说可能是同一件事的诉求中，并入了其中一件的"),
}
STANDINGS = {Standing.ABOVE: _("高于整体"), Standing.WITHIN: _("与整体无明显差别"), Standing.BELOW: _("低于整体")}
CHANGES = {Change.NEW: _("新出现"), Change.HOTTER: _("升温"), Change.COOLER: _("降温"), Change.SAME: _("持平")}
NUMBERS = {
    "received": _("收到的诉求"),
    "open": _("尚未办结的诉求"),
    "closed": _("办结的诉求"),
    "hops": _("流转两次以上才办结的诉求"),
    "returns": _("被退回过的诉求"),
    "due": _("到期的诉求"),
    "answered": _("按期答复的诉求"),
    "late": _("没有按期答复的诉求"),
    "closed_in_time": _("按期办结的诉求"),
    "said": _("反映人说过是否解决的诉求"),
    "solved": _("反映人说已解决的诉求"),
    "unsolved": _("反映人说没有解决的诉求"),
    "rated": _("评价过的诉求"),
    "satisfied": _("评价满意的诉求"),
    "bad": _("差评的诉求"),
    "mended": _("差评后已整改的诉求"),
    "topics_proposed": _("系统提过分类建议的诉求"),
    "topics_taken": _("按系统建议立案的诉求"),
    "units_proposed": _("系统提过承办单位的诉求"),
    "units_taken": _("按系统建议派遣的诉求"),
    "merges_proposed": _("系统说可能是同一件事的诉求"),
    "merges_taken": _("按系统建议并案的诉求"),
}
