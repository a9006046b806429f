"""Values of a case in the form that pages draw."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from django.utils.translation import gettext as _

from linli.ground.files.models import StoredFile
from linli.ground.look.wordforms import due
from linli.ground.matters.clocks import local_day
from linli.ground.matters.steps import Offer
from linli.ground.matters.timeline import TimelineEntry
from linli.ground.territory.facade import PlaceProblem, place_problem_words
from linli.kernel.access import SYSTEM
from linli.kernel.rulesets import Rule
from linli.services.cases.models import Case
from linli.services.cases.rules.rulebook import rulebook
from linli.services.cases.rules.vocabulary import IN_RECTIFICATION
from linli.services.cases.wording import CALL_RESULTS, RATINGS, STEPS, TEXTS, blocker_words

# The one key per step that the desk teaches: a clerk stays on the keyboard.
KEYS = {
    "file_case": "f",
    "dispatch_case": "d",
    "accept_case": "a",
    "rule_holder": "o",
    "return_case": "r",
    "claim_case": "c",
    "handle_case": "h",
    "draft_reply": "w",
    "review_reply": "v",
    "sign_reply": "s",
    "call_back_case": "b",
    "verify_case": "y",
    "close_case": "e",
    "contact_rater": "l",
    "rectify_case": "m",
    "close_rectification": "g",
    "close_merged": "i",
    "publish_case": "p",
    "request_extension": "t",
    "add_note": "n",
}
# What brings a case forward; the first of them that is open is the page's main button.
FORWARD = frozenset(KEYS) - {"add_note", "publish_case", "return_case", "claim_case", "request_extension"}
# Nothing has to be typed, so the button itself does it; what reaches the filer is asked for once more.
DIRECT = frozenset(
    {
        "accept_case",
        "claim_case",
        "release_case",
        "review_reply",
        "sign_reply",
        "verify_case",
        "close_case",
        "close_rectification",
    }
)
WORDLESS = frozenset({"claim_case", "release_case", "sign_reply"})
# Shown elsewhere on the page.
HIDDEN_TEXTS = {"title", "place"}
FIRST_EVENTS = {"receive_case", "import_case", "report_difficulty", "open_part"}
# How an event looks on the timeline; most look plain.
EVENT_TONES: Mapping[str, frozenset[str]] = {
    "done": frozenset(
        {
            "sign_reply",
            "close_case",
            "verify_case",
            "confirm_solved",
            "rectify_case",
            "close_rectification",
            "close_merged",
        }
    ),
    "waiting": frozenset(
        {
            "ask_supplement",
            "warn_holder",
            "warn_unaccepted",
            "warn_unverified",
            "open_rectification",
            "merge_case",
            "warn_merged",
        }
    ),
    "stopped": frozenset(
        {
            "warn_unruled",
            "return_case",
            "hand_over_case",
            "decline_case",
            "mark_overdue",
            "reopen_case",
            "reopen_for_filer",
        }
    ),
}
REOPENINGS = {"reopen_case", "reopen_for_filer", "grant_reopening"}


@dataclass(frozen=True)
class OfferLine:
    """A step on the page: a button with its key, or what is missing."""

    name: str
    label: str
    key: str
    is_open: bool
    is_main: bool
    missing: list[str]
    is_direct: bool

    @property
    def has_input(self) -> bool:
        """Whether a word may be written to it."""
        return self.name not in WORDLESS


@dataclass(frozen=True)
class OfferGroups:
    """The steps of a case: buttons, what the next ones lack, and what is folded away since it makes no sense now."""

    open: list[OfferLine]
    waiting: list[OfferLine]
    folded: list[OfferLine]


@dataclass(frozen=True)
class TimelineLine:
    """One event as the page tells it."""

    at: datetime
    title: str
    who: str
    tone: str
    record: int
    hidden: bool
    texts: list[tuple[str, str]] = field(default_factory=list)
    files: list[StoredFile] = field(default_factory=list)


def limit_basis(case: Case) -> str:
    """The working days promised, where they come from, and what has lengthened them since."""
    basis, asked_at = _promise_basis(case), case.supplement_asked_at
    if case.extended_days:
        basis = _("%(basis)s；已延期 %(days)s 个工作日") % {"basis": basis, "days": case.extended_days}
    if asked_at is not None and asked_at < case.matter.due_at:
        basis = _("%(basis)s；补充材料期间不计时") % {"basis": basis}
    return basis


def _promise_basis(case: Case) -> str:
    """The topic, or the rule with its source; an unverified source is marked so."""
    days, phase = case.promised_days, rectification_rule(case)
    if phase is not None:
        return _basis_words(phase, case.matter.clock_days)
    if case.topic is not None:
        return _("%(days)s 个工作日（事项分类“%(topic)s”的承诺时限）") % {"days": days, "topic": case.topic.name}
    return _basis_words(rulebook().on(local_day(case.matter.opened_at)).rule("promised_days"), days)


def rectification_rule(case: Case) -> Rule | None:
    """The rule behind the clock of a rectification, in its present phase; None where none runs."""
    if case.matter.state not in IN_RECTIFICATION:
        return None
    heard = case.contacted_at is not None or not case.can_be_contacted
    return rulebook().on(local_day(case.matter.opened_at)).rule("rectify_days" if heard else "contact_days")


def _basis_words(rule: Rule, days: int) -> str:
    basis = _("%(days)s 个工作日（依据：%(source)s）") % {"days": days, "source": rule.source}
    return basis if rule.verified else _("%(basis)s，依据尚未核实") % {"basis": basis}


def offer_groups(offers: Iterable[Offer]) -> OfferGroups:
    """The possible steps, in the order of the desk's keys; what brings the case forward stands first."""
    lines = [
        OfferLine(
            name=offer.name,
            label=str(STEPS[offer.name][0]),
            key=KEYS.get(offer.name, ""),
            is_open=offer.is_open,
            is_main=offer.name in FORWARD,
            missing=[blocker_words(blocker) for blocker in offer.blockers],
            is_direct=offer.name in DIRECT,
        )
        for offer in offers
    ]
    order = list(KEYS)
    lines.sort(key=lambda line: (not line.is_main, order.index(line.name) if line.name in KEYS else len(order)))
    closed = [line for line in lines if not line.is_open]
    return OfferGroups(
        open=[line for line in lines if line.is_open],
        waiting=[line for line in closed if line.is_main],
        folded=[line for line in closed if not line.is_main],
    )


def is_of_earlier_handling(entries: Iterable[TimelineEntry], event: str) -> bool:
    """Whether the case was reopened after `event` last happened: what that brought is no answer any more."""
    last, reopened = 0, 0
    for entry in entries:
        if entry.event == event:
            last = max(last, entry.record)
        if entry.event in REOPENINGS:
            reopened = max(reopened, entry.record)
    return 0 < last < reopened


def outline_faults(entries: Iterable[TimelineEntry]) -> list[str]:
    """What was wrong with the outlines where the demand lies, for the one who decides whose it is."""
    codes: list[str] = next((entry.codes["place_faults"] for entry in entries if "place_faults" in entry.codes), [])
    return [place_problem_words(PlaceProblem(code.partition(":")[0])) for code in codes]


def timeline_lines(
    entries: Iterable[TimelineEntry],
    *,
    units: Mapping[int, str] = MappingProxyType({}),
    files: Sequence[StoredFile] = (),
    named: bool = False,
) -> list[TimelineLine]:
    """The timeline in words, in the given order.

    Args:
        units: names of organizations by id, for those who may read to whom the demand went.
        files: the files to show beside the act that brought them.
        named: office and person, as colleagues tell each other; otherwise the office alone.
    """
    told = list(entries)
    before = _due_before(told)
    return [
        TimelineLine(
            at=entry.at,
            title=_title(entry, units),
            who=_who(entry, named=named),
            tone=_tone(entry.event),
            record=entry.record,
            hidden=entry.audience == "staff",
            texts=[*_moved_date(entry), *_texts(entry), *_extension(entry, before.get(entry.record))],
            files=[file for file in files if str(file.pk) in entry.files and entry.event not in FIRST_EVENTS],
        )
        for entry in told
    ]


def _moved_date(entry: TimelineEntry) -> list[tuple[str, str]]:
    """The date that filing under a topic has set in place of the receipt's, and why."""
    if "due_before" not in entry.codes:
        return []
    words = {name: due(datetime.fromisoformat(entry.codes[name])) for name in ("due_before", "due")}
    words["days"] = entry.codes["days"]
    moved = _("原定 %(due_before)s，按事项分类改为 %(due)s：自收到之日起 %(days)s 个工作日")
    return [(_("答复日期"), moved % words)]


def first_files(entries: Iterable[TimelineEntry], files: Iterable[StoredFile]) -> list[StoredFile]:
    """What came with the demand itself; what later acts brought stands beside them."""
    later = {file for entry in entries if entry.event not in FIRST_EVENTS for file in entry.files}
    return [file for file in files if str(file.pk) not in later]


def _texts(entry: TimelineEntry) -> list[tuple[str, str]]:
    return [
        (str(TEXTS[name]), text)
        for name, text in entry.texts.items()
        if text and name not in HIDDEN_TEXTS and not (name == "text" and entry.event in FIRST_EVENTS)
    ]


def _extension(entry: TimelineEntry, before: str | None) -> list[tuple[str, str]]:
    """How many days were asked for or granted, and what that did to the due date."""
    days = entry.codes.get("days")
    if entry.event == "request_extension" and days:
        return [(_("申请延长"), _("%(days)s 个工作日") % {"days": days})]
    if entry.event != "grant_extension" or not days:
        return []
    after = str(entry.codes.get("due", ""))
    if after == before:
        return [(_("延长"), _("%(days)s 个工作日，补充材料后顺延") % {"days": days})]
    words = {"days": days, "before": _due_words(before), "after": _due_words(after)}
    return [(_("延长"), _("%(days)s 个工作日，时限由 %(before)s 改为 %(after)s") % words)]


def _due_before(entries: Iterable[TimelineEntry]) -> dict[int, str]:
    """For each entry the due date that stood before it, as far as the earlier entries tell it."""
    known, found = "", {}
    for entry in sorted(entries, key=lambda each: each.record):
        found[entry.record] = known
        known = str(entry.codes.get("due", "")) or known
    return found


def _due_words(moment: str | None) -> str:
    return due(datetime.fromisoformat(moment) if moment else None)


def _who(entry: TimelineEntry, *, named: bool) -> str:
    if named and entry.office_title:
        return f"{entry.office_title} {entry.actor_name}".strip()
    return entry.office_title or (_("系统") if entry.actor_name == SYSTEM.name else entry.actor_name)


def _title(entry: TimelineEntry, units: Mapping[int, str]) -> str:
    title = str(STEPS[entry.event][1])
    if entry.event == "call_back_case":
        return _("%(event)s：%(result)s") % {"event": title, "result": CALL_RESULTS[entry.codes["result"]]}
    if entry.event == "contact_rater" and not entry.codes["reached"]:
        return _("%(event)s：%(result)s") % {"event": title, "result": CALL_RESULTS["unreached"]}
    if entry.event == "rate_case":
        return _("%(event)s：%(result)s") % {"event": title, "result": RATINGS[entry.codes["rating"]]}
    unit = units.get(entry.codes.get("unit", 0), "")
    if unit and entry.event == "rule_holder":
        return _("上级已指定由%(unit)s承办") % {"unit": unit}
    return _("已派遣给%(unit)s") % {"unit": unit} if entry.event == "dispatch_case" and unit else title


def _tone(event: str) -> str:
    return next((tone for tone, events in EVENT_TONES.items() if event in events), "")
