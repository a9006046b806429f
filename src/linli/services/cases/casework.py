"""What lies beside the form of a step: the demand, what was done, the draft, and why it came back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from linli.ground.files.models import StoredFile
from linli.ground.matters.clocks import end_of, workdays
from linli.ground.matters.timeline import TimelineEntry, timeline
from linli.ground.record.writing import Audience
from linli.services.cases.models import Case
from linli.services.cases.presenting import TimelineLine, first_files, timeline_lines
from linli.services.cases.reply_advice import advice_on
from linli.services.cases.selectors import CaseView
from linli.services.cases.splitting import Part, parts_of

# What somebody else wrote that a step answers.
ANSWERS: Mapping[str, tuple[str, ...]] = {
    "dispatch_case": ("return_case", "hand_over_case"),
    "decline_case": ("return_case", "hand_over_case"),
    "escalate_case": ("return_case", "hand_over_case"),
    "draft_reply": ("send_back_reply",),
    "handle_case": ("supply_supplement", "reopen_case", "supervise_case", "instruct_case"),
    "contact_rater": ("rate_case",),
    "rectify_case": ("rate_case", "contact_rater", "supervise_case", "instruct_case"),
    "appeal_rating": ("rate_case",),
    "uphold_rating": ("appeal_rating", "rate_case"),
    "overrule_rating": ("appeal_rating", "rate_case"),
    "grant_extension": ("request_extension",),
    "refuse_extension": ("request_extension",),
    "grant_reopening": ("request_reopening",),
    "refuse_reopening": ("request_reopening",),
}
# The joint reply is written, reviewed and signed beside the answers of the parts.
JOINED = frozenset({"draft_reply", "review_reply", "sign_reply", "handle_case"})
# Whoever rules has read what every unit said.
SENT_BACK = frozenset({"return_case", "hand_over_case"})
DRAFTS = frozenset({"draft_reply", "review_reply", "send_back_reply", "sign_reply"})
# An act that another one has overtaken is answered already.
OVERTAKEN: Mapping[str, frozenset[str]] = {
    "return_case": frozenset({"dispatch_case"}),
    "hand_over_case": frozenset({"dispatch_case"}),
    "send_back_reply": frozenset({"draft_reply", "reopen_case", "grant_reopening"}),
}


@dataclass(frozen=True)
class Beside:
    """What a step's page shows next to its form."""

    text: str
    files: list[StoredFile]
    work: str = ""
    work_files: list[StoredFile] = field(default_factory=list)
    draft: str = ""
    advice: list[str] = field(default_factory=list)  # on the draft
    answered: list[TimelineLine] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    new_due: datetime | None = None


def beside(view: CaseView, step: str) -> Beside:
    """Everything one has to have read before taking the step."""
    answered = [entry for event in ANSWERS.get(step, ()) for entry in _newest(view.timeline, event)]
    if step == "rule_holder":
        answered = [entry for entry in view.timeline if entry.event in SENT_BACK]
    handled = next((entry for entry in reversed(view.timeline) if entry.event == "handle_case"), None)
    asked = step == "grant_extension" and view.case.extension_asked_days is not None
    draft = present_draft(view) if step in DRAFTS else ""
    return Beside(
        text=view.text,
        files=first_files(view.timeline, view.files),
        work=handled.texts.get("work", "") if handled else "",
        work_files=[file for file in view.files if handled and str(file.pk) in handled.files],
        draft=draft,
        advice=advice_on(view.text, draft),
        answered=timeline_lines(answered, units=view.units, files=view.files, named=True),
        parts=parts_of(view.matter.pk) if step in JOINED else [],
        new_due=_extended_due(view.case) if asked else None,
    )


def present_draft(view: CaseView) -> str:
    """The draft that lies before reviewer and signer, or came back from them; none where the demand was reopened."""
    drafted = _newest(view.timeline, "draft_reply")
    if view.matter.state == "handled" and not _newest(view.timeline, "send_back_reply"):
        return ""
    return drafted[0].texts.get("draft", "") if drafted else ""


def returned_by(case: Case) -> int | None:
    """The unit that just returned the case to the desk: to send it there again would be an oversight."""
    if case.matter.state != "returned":
        return None
    sent = _newest(timeline(case.pk, set(Audience)), "dispatch_case")
    return int(sent[0].codes["unit"]) if sent else None


def _newest(entries: list[TimelineEntry], event: str) -> list[TimelineEntry]:
    """The newest entry of an event, unless another has overtaken it."""
    for entry in reversed(entries):
        if entry.event == event:
            return [entry]
        if entry.event in OVERTAKEN.get(event, frozenset()):
            return []
    return []


def _extended_due(case: Case) -> datetime | None:
    """The due date if the extension is granted; None while the clock stands still."""
    if case.paused_days_left is not None:
        return None
    days = case.matter.clock_days + (case.extension_asked_days or 0)
    return end_of(workdays().add(case.matter.clock_start, days))
