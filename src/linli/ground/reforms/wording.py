"""Codes of reforms in the words of the page."""

from __future__ import annotations

from django.utils.translation import gettext as _

from linli.ground.territory.facade import ChangeFault, change_fault_words


def reform_fault_words(fault: ChangeFault) -> str:
    """What keeps a reform from being carried out, and what to do about it."""
    words = {
        "no_document": _("请写明批准文件（document）"),
        "nothing_changes": _("文件里没有任何调整"),
        "changed_twice": _("“%(code)s”在文件里出现了两次，一次调整只能写一次"),
        "no_boundary": _("“%(name)s”是机构，没有边界可以调整，请改写 kind"),
        "follows_twice": _("“%(name)s”的接替者有几个，请在文件里写明由谁接替"),
        "not_the_day": _("这份调整自 %(day)s 起生效，请在当天确认"),
        "unknown_office": _("没有叫“%(name)s”的在用机构，或有几个同名"),
        "name_taken": _("已经有叫“%(name)s”的机构，请写成接替者（不写 new），或换一个名称"),
        "unknown_area": _("没有正在使用的单位“%(code)s”，请核对机构的服务范围"),
        "no_successor": _("请写明由哪个机构接替"),
        "not_active": _("“%(name)s”已经撤销"),
        "office_too_young": _("“%(name)s”今天才设立，最早明天可以撤销"),
        "stands_for_district": _("“%(name)s”代表全区，只能由同类机构接替"),
        "serves_ended": _("“%(name)s”的服务范围已经撤销，请在文件里写明由谁接替"),
        "still_below": _("“%(name)s”的上级机构已经撤销，请在文件里写明由谁接替"),
    }
    return words[fault.code] % fault.values if fault.code in words else change_fault_words(fault)
