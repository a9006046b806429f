"""Where a demand stands, in one plain sentence for the one who filed it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _

from linli.ground.matters.steps import Offer
from linli.kernel.rulesets import Rule
from linli.services.cases.models import Case
from linli.services.cases.presenting import rectification_rule
from linli.services.cases.rules.rulebook import rulebook
from linli.services.cases.selectors import CaseView
from linli.services.cases.wording import STEPS, blocker_words

# In this order the acts stand on the page; the first that is open is the large button.
ACTS = (
    "supply_supplement",
    "confirm_solved",
    "rate_case",
    "reopen_case",
    "request_reopening",
    "urge_case",
    "renew_code",
    "withdraw_case",
)
PICTURES = {
    "supply_supplement": "upload",
    "confirm_solved": "circle-check",
    "reopen_case": "refresh",
    "rate_case": "star",
    "request_reopening": "refresh",
    "urge_case": "bell",
    "renew_code": "key",
    "withdraw_case": "corner-up-left",
}
# What need not be said, because another act on the same page says it better.
UNSAID = {"reopen_by_right_first", "already_confirmed", "already_rated"}


@dataclass(frozen=True)
class Act:
    """Something the filer can do now, or why not yet."""

    name: str
    label: str
    picture: str
    missing: tuple[str, ...] = ()


def acts_of(offers: list[Offer]) -> tuple[list[Act], list[Act]]:
    """The filer's acts that are open, and those that wait for something."""
    found = {offer.name: offer for offer in offers if offer.name in ACTS}
    open_now: list[Act] = []
    waiting: list[Act] = []
    for name in ACTS:
        offer = found.get(name)
        if offer is None:
            continue
        missing = tuple(blocker_words(each) for each in offer.blockers if each.code not in UNSAID)
        act = Act(name, act_label(name), PICTURES[name], missing)
        if offer.is_open:
            open_now.append(act)
        elif missing:
            waiting.append(act)
    return open_now, waiting


def act_label(name: str) -> str:
    """What the button of an act says to the filer."""
    own = {
        "confirm_solved": _("已解决，确认"),
        "reopen_case": _("没解决，要求重办"),
        "renew_code": _("换一个查询码"),
        "urge_case": _("催一催"),
    }
    return own.get(name) or str(STEPS[name][0])


def day_words(moment: datetime) -> str:
    """A day as it is spoken: 11月30日; with the year when it is another one than `moment`'s reader expects."""
    day = moment.astimezone(ZoneInfo(settings.TIME_ZONE))
    return _("%(month)s月%(day)s日") % {"month": day.month, "day": day.day}


def last_day_words(end: datetime) -> str:
    """The last day of a term that ends with the midnight after it."""
    return day_words(end - timedelta(microseconds=1))


def sentence(view: CaseView, now: datetime) -> str:
    """What is happening, who has the turn, and by when."""
    case, matter = view.case, view.matter
    words = {"holder": matter.holder.name, "desk": matter.desk.name, "promise": _promise(view, now)}
    match matter.state:
        case "received" | "filed" | "returned":
            return _("%(holder)s已经收到，正在确定由哪个单位办理，%(promise)s。") % words
        case "dispatched":
            return _("已经交给%(desk)s，等它签收，%(promise)s。") % words
        case "disputed":
            return _("几个单位都说不归自己管，正在由上级指定承办单位，%(promise)s。") % words
        case "merged":
            return _("同一件事先前已经有人反映，两件一并办理，进展见下面。办好以后，我们会答复您。")
        case "accepted":
            return _("%(holder)s正在办理，%(promise)s。") % words
        case "handled" | "drafted" | "reviewed":
            return _("%(holder)s已经办理，正在准备答复，%(promise)s。") % words
        case "waiting":
            return _waiting(case)
        case _after:
            return _answered(view, now)


def _answered(view: CaseView, now: datetime) -> str:
    """The same from the reply on."""
    case = view.case
    match view.matter.state:
        case "replied":
            return _replied(case)
        case "verified":
            return _("已经答复并核查，即将结案。如果没有解决，您可以要求重办。")
        case "rectifying":
            return _rectifying(view)
        case "rectified":
            return _("已经整改。请看下面的整改情况：解决了请确认，没有解决可以要求重办。")
        case "declined":
            return _("这件事没有受理，理由和应当找谁办写在下面。")
        case "withdrawn":
            return _("您已经撤回，这件事不再办理。需要时可以重新反映。")
        case _other:
            return _closed(case, now)


def promise_rule(view: CaseView) -> Rule | None:
    """The rule behind the promised day, while no topic has set another, or behind that of a rectification."""
    phase = rectification_rule(view.case)
    if phase is not None or view.case.topic is not None:
        return phase
    rules = rulebook().on(view.matter.opened_at.astimezone(ZoneInfo(settings.TIME_ZONE)).date())
    return rules.rule("promised_days")


def _promise(view: CaseView, now: datetime) -> str:
    words = {"day": last_day_words(view.matter.due_at)}
    if now >= view.matter.due_at:
        return _("原定 %(day)s 前答复，已经超期，上级会督促；您也可以催一催") % words
    return _("承诺 %(day)s（含当天）前答复") % words


def _rectifying(view: CaseView) -> str:
    case, due = view.case, view.matter.due_at
    words = {"holder": view.matter.holder.name, "desk": view.matter.desk.name, "day": last_day_words(due)}
    if case.contacted_at is not None or not case.can_be_contacted:
        return _("您评价不满意，%(holder)s正在整改，%(day)s（含当天）前改好。") % words
    return _("您评价不满意，已转入整改。%(desk)s会在 %(day)s（含当天）前联系您，问清哪里没有做好。") % words


def _waiting(case: Case) -> str:
    words = {"day": last_day_words(case.waits_until)} if case.waits_until else {"day": ""}
    return _("轮到您了：请在 %(day)s（含当天）前补充材料。补充以后接着办；过期没有补充，就按现有材料办。") % words


def _replied(case: Case) -> str:
    if case.solved:
        return _("您已确认解决，正在核查，之后结案。谢谢您！")
    return _("已经答复。请看下面的答复：解决了请确认，没有解决可以要求重办。")


def _closed(case: Case, now: datetime) -> str:
    if case.reopening_asked_at:
        return _("您申请再次重办，正在等上级决定。")
    if case.reopen_until and now < case.reopen_until:
        words = {"day": last_day_words(case.reopen_until)}
        return _("已经结案。如果问题又出现，%(day)s（含当天）前可以要求重办。") % words
    return _("已经结案。如果有新情况，请重新反映。")
