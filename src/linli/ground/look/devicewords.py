"""A browser on a machine, in plain words."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

BROWSERS = {
    "wechat": gettext_lazy("微信"),
    "qq": gettext_lazy("QQ 浏览器"),
    "uc": gettext_lazy("UC 浏览器"),
    "huawei": gettext_lazy("华为浏览器"),
    "xiaomi": gettext_lazy("小米浏览器"),
    "edge": "Edge",
    "opera": "Opera",
    "firefox": "Firefox",
    "chrome": "Chrome",
    "safari": "Safari",
}
SYSTEMS = {
    "harmony": gettext_lazy("鸿蒙设备"),
    "iphone": "iPhone",
    "ipad": "iPad",
    "android": gettext_lazy("安卓手机或平板"),
    "windows": gettext_lazy("Windows 电脑"),
    "mac": gettext_lazy("苹果电脑"),
    "linux": gettext_lazy("Linux 电脑"),
}


def device_words(code: str) -> str:
    """The words for a code such as "chrome windows"."""
    browser, _space, system = code.partition(" ")
    machine = SYSTEMS.get(system) or _("不认识的设备")
    program = BROWSERS.get(browser) or _("不认识的浏览器")
    return _("%(machine)s，%(program)s") % {"machine": machine, "program": program}
