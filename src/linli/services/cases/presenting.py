"""Values of a case in the form that pages draw."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from linli.ground.look.wordforms import due
from linli.ground.matters.clocks import local_day
from linli.ground.matters.steps import Offer
from linli.ground.matters.timeline import TimelineEntry
from linli.ground.territory.facade import PlaceProblem, place_problem_words
from linli.services.cases.models import Case
from linli.services.cases.rules.rulebook import rulebook
from linli.services.cases.wording import CALL_RESULTS, RATINGS, STEPS, TEXTS, blocker_words

# The one key per step that the desk teaches: a clerk stays on the keyboard.
KEYS = {
    "file_case": "f",
    "dispatch_case": "d",
    "accept_case": "a",
    "return_case": "r",
    "claim_case": "c",
    "handle_case": "h",
    "draft_reply": "w",
    "review_reply": "v",
    "sign_reply": "s",
    "call_back_case": "b",
    "verify_case": "y",
    "close_case": "e",
    "publish_case": "p",
    "request_extension": "t",
    "add_note": "n",
}
# What brings a case forward; the first of them that is open is the page's main button.
FORWARD = frozenset(KEYS) - {"add_note", "publish_case", "return_case", "claim_case", "request_extension"}
# Shown elsewhere on the page.
HIDDEN_TEXTS = {"title", "place"}
FIRST_EVENTS = {"receive_case", "import_case", "report_difficulty"}


@dataclass(frozen=True)
class OfferLine:
    """A step on the page: a button with its key, or what is missing."""

    name: str
    label: str
    key: str
    is_open: bool
    is_main: bool
    missing: list[str]


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
    days = case.promised_days
    if case.topic is not None:
        return _("%(days)s 个工作日（事项分类“%(topic)s”的承诺时限）") % {"days": days, "topic": case.topic.name}
    rule = rulebook().on(local_day(case.matter.opened_at)).rule("promised_days")
    basis = _("%(days)s 个工作日（依据：%(source)s）") % {"days": days, "source": rule.source}
    return basis if rule.verified else _("%(basis)s，依据尚未核实") % {"basis": basis}


def offer_lines(offers: Iterable[Offer]) -> list[OfferLine]:
    """Every possible step with a button or what it lacks; what can be done now stands first."""
    lines = [
        OfferLine(
            name=offer.name,
            label=str(STEPS[offer.name][0]),
            key=KEYS.get(offer.name, ""),
            is_open=offer.is_open,
            is_main=offer.is_open and offer.name in FORWARD,
            missing=[blocker_words(blocker) for blocker in offer.blockers],
        )
        for offer in offers
    ]
    order = list(KEYS)
    return sorted(
        lines,
        key=lambda line: (not line.is_open, order.index(line.name) if line.name in KEYS else len(order)),
    )


def outline_faults(entries: Iterable[TimelineEntry]) -> list[str]:
    """What was wrong with the outlines where the demand lies, for the one who decides whose it is."""
    codes: list[str] = next((entry.codes["place_faults"] for entry in entries if "place_faults" in entry.codes), [])
    return [place_problem_words(PlaceProblem(code.partition(":")[0])) for code in codes]


def timeline_lines(entries: Iterable[TimelineEntry]) -> list[TimelineLine]:
    """The timeline in words, oldest first."""
    return [
        TimelineLine(
            at=entry.at,
            title=_title(entry),
            who=entry.office_title or entry.actor_name,
            tone=_tone(entry.event),
            record=entry.record,
            hidden=entry.audience == "staff",
            texts=_moved_date(entry)
            + [
                (str(TEXTS[name]), text)
                for name, text in entry.texts.items()
                if text and name not in HIDDEN_TEXTS and not (name == "text" and entry.event in FIRST_EVENTS)
            ],
        )
        for entry in entries
    ]


def _moved_date(entry: TimelineEntry) -> list[tuple[str, str]]:
    """The date that filing under a topic has set in place of the receipt's, and why."""
    if "due_before" not in entry.codes:
        return []
    words = {name: due(datetime.fromisoformat(entry.codes[name])) for name in ("due_before", "due")}
    words["days"] = entry.codes["days"]
    moved = _("原定 %(due_before)s，按事项分类改为 %(due)s：自收到之日起 %(days)s 个工作日")
    return [(_("答复日期"), moved % words)]


def _title(entry: TimelineEntry) -> str:
    title = str(STEPS[entry.event][1])
    if entry.event == "call_back_case":
        return f"{title}:{CALL_RESULTS[entry.codes['result']]}"
    if entry.event == "rate_case":
        return f"{title}:{RATINGS[entry.codes['rating']]}"
    return title


def _tone(event: str) -> str:
    if event in {"sign_reply", "close_case", "verify_case", "confirm_solved"}:
        return "done"
    if event in {"ask_supplement", "warn_holder", "warn_unaccepted", "warn_unverified"}:
        return "waiting"
    if event in {"return_case", "hand_over_case", "decline_case", "mark_overdue", "reopen_case", "reopen_for_filer"}:
        return "stopped"
    return ""
