"""What is wrong with a file or a row, and what to do, in the words of the page."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from linli.services.cases.rules.imported import HEADINGS, LONGEST, RowFault

Words = Promise | str

FIELDS: Mapping[str, Words] = {
    "number": _("编号"),
    "asker": _("诉求人"),
    "title": _("标题"),
    "asked_at": _("诉求时间"),
    "text": _("内容"),
    "reply": _("答复"),
    "replied_at": _("答复时间"),
    "place": _("地点"),
}

# code → (what is wrong, what to do)
FAULTS: Mapping[str, tuple[Words, Words]] = {
    "missing": (_("这一格没有填写"), _("请补填后重新上传")),
    "too_long": (_("超过了 %(longest)s 个字"), _("请缩短后重新上传")),
    "not_a_date": (_("不是日期"), _("请写成 2026-03-03 或 2026-03-03 10:00:00;不知道时间的请留空")),
    "too_early": (_("日期早于本系统的工作日历"), _("请核对日期；确实更早的，请先载入当年的工作日历，或将时间留空")),
    "in_future": (_("日期晚于上传的时间"), _("请核对日期")),
    "replied_before_asked": (_("答复时间早于诉求时间"), _("请核对这两个时间")),
    "repeated_in_file": (
        _("编号与前面一行相同（括号内为行号）"),
        _("每件诉求只留一行；不是同一件的请改正编号"),
    ),
}

REFUSALS: Mapping[str, Words] = {
    "not_a_workbook": _("这不是可以读取的 .xlsx 文件。请在电子表格软件中另存为 .xlsx 后重新上传。"),
    "too_large": _("文件过大（超过 100 MB,或行列过多）。请拆分成几个文件，并删去表格外的空白行列。"),
    "infected": _("文件里查出了病毒，没有收下。请用杀毒软件检查这台电脑，再上传没有病毒的文件。"),
    "try_later": _("现在无法检查这个文件有没有病毒，没有收下。请过几分钟再上传。"),
    "empty": _("文件里没有内容。请核对是否选对了文件。"),
    "missing_file": _("上传的文件已不在，请重新上传。"),
    "columns_missing": _("找不到这些列：%(columns)s。请核对首行的列名，或指定对应的列。"),
    "no_rows": _("列名下面没有数据。请核对是否选对了文件。"),
    "rows_faulty": _("有 %(rows)s 行需要改正。文件整体导入，一行有误则全部不导入；请按提示改正后重新上传。"),
    "already_confirmed": _("这个文件已经确认导入，不能再改动。"),
    "rows_clash": _("有一行无法写入（可能与其他导入冲突），导入已停下；已写入的内容没有公开给任何人，请联系管理员。"),
    "file_changed": _("文件与确认时不一致，导入已停下；已写入的内容没有公开给任何人，请联系管理员。"),
}


def field_words(field: str) -> str:
    """What a field is called."""
    return str(FIELDS[field])


def fault_words(fault: RowFault) -> tuple[str, str]:
    """What is wrong with a row, and what to do."""
    problem, remedy = FAULTS[fault.code]
    return str(problem) % {"longest": LONGEST.get(fault.field, 0)}, str(remedy)


def refusal_words(code: str, values: Mapping[str, object] | None = None) -> str:
    """Why a file was refused or an import stopped. `columns` are fields, shown with the headings they go by."""
    shown = dict(values or {})
    if "columns" in shown:
        fields = shown["columns"] if isinstance(shown["columns"], list | tuple) else ()
        shown["columns"] = "、".join(f"{field_words(field)}({HEADINGS[field][0]})" for field in fields)
    return str(REFUSALS[code]) % shown
