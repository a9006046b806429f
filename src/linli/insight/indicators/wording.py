"""Words of indicators."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

RATES: Mapping[str, Promise] = {
    "response": _("响应率"),
    "solution": _("解决率"),
    "satisfaction": _("满意率"),
}

# What is counted, and of how many.
MEANINGS: Mapping[str, Promise] = {
    "response": _(
        "到期日在这一季度、应当答复的诉求里，到期前已经答复的占多少。不予受理、撤回、并入另一件和等反映人补充的不计。"
    ),
    "solution": _("这一季度里反映人自己确认、或者回访时说明了是否解决的诉求里，说“已解决”的占多少。没有表态的不计。"),
    "satisfaction": _("这一季度里给出的评价中，非常满意、满意和基本满意占多少。评价自愿，没有评价的不计。"),
}
