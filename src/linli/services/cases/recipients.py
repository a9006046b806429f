"""Who is told of what happens to a demand."""

from collections.abc import Iterable
from uuid import UUID

from linli.ground.matters.clocks import local_day
from linli.ground.matters.models import Matter
from linli.ground.record.models import Record
from linli.ground.record.writing import Audience
from linli.kernel.access import Role
from linli.services.cases.offices import Offices, Rows
from linli.services.cases.rules.vocabulary import State

TO_DESK = {
    "receive_case": (Role.DISPATCHER,),
    "report_difficulty": (Role.DISPATCHER,),
    "dispatch_case": (Role.CLERK,),
    "open_part": (Role.CLERK,),
    "return_case": (Role.DISPATCHER,),
    "release_merged": (Role.DISPATCHER,),
    "rule_holder": (Role.CLERK,),
    "warn_merged": (Role.DISPATCHER,),
    "hand_over_case": (Role.DISPATCHER,),
    "escalate_case": (Role.DISPATCHER,),
    "draft_reply": (Role.REVIEWER, Role.SIGNER),
    "review_reply": (Role.SIGNER,),
    "sign_reply": (Role.DISPATCHER,),
    "rectify_case": (Role.DISPATCHER,),
    "confirm_solved": (Role.DISPATCHER,),
    "warn_unaccepted": (Role.CLERK,),
    "warn_unverified": (Role.DISPATCHER,),
    "reopen_case": (Role.CLERK,),
    "reopen_for_filer": (Role.CLERK,),
    "grant_reopening": (Role.CLERK,),
    "release_for_leaver": (Role.CLERK,),
}
TO_HANDLER = {
    "assign_case",
    "supply_supplement",
    "lapse_supplement",
    "grant_extension",
    "refuse_extension",
    "send_back_reply",
    "warn_holder",
    "reopen_case",
    "reopen_for_filer",
    "grant_reopening",
    "rate_case",
    "contact_rater",
    "uphold_rating",
    "overrule_rating",
    "join_parts",
    "end_part",
    "withdraw_case",
}
# Told to whoever has the next step: the handler while the holder has it, else the desk.
TO_TURN = {"urge_case", "supervise_case", "instruct_case", "mark_overdue", "open_rectification"}
TO_SUPERIOR = {"request_extension", "request_reopening", "mark_overdue", "warn_unaccepted", "open_rectification"}
# Told to the superior who is none of the holder's own.
TO_OUTSIDE = {"appeal_rating"}
# While a case is dispatched and not accepted, its first receiver answers for it and can take it back.
TO_SENDER = {"warn_unaccepted", "mark_overdue"}
NEXT_STEP = (Role.CLERK, Role.DISPATCHER)
# What a filer wants to know: where it stands in general, what is theirs to do, and what was decided.
TO_FILER = {
    "receive_case",
    "accept_case",
    "rule_holder",
    "merge_case",
    "unmerge_case",
    "release_merged",
    "close_merged",
    "ask_supplement",
    "lapse_supplement",
    "grant_extension",
    "mark_overdue",
    "sign_reply",
    "decline_case",
    "close_case",
    "reopen_for_filer",
    "grant_reopening",
    "refuse_reopening",
    "uphold_rating",
    "overrule_rating",
    "open_rectification",
    "rectify_case",
    "close_rectification",
    "publish_case",
    "unpublish_case",
    # with number and code somebody else may have done these
    "withdraw_case",
    "renew_code",
}
# Told to the filer only if it has moved the promised date.
IF_DATE_MOVED = {"file_case"}
# Told to the filer though they did it themselves: they have it in writing.
RECEIPTS = {"receive_case"}


def recipients(rows: Rows) -> list[Iterable[tuple[UUID, bool]]]:
    """For each row the people to tell; the offices are looked up once for all of them."""
    offices = Offices(rows)
    return [_recipients(row, matter, offices) for row, matter in rows]


def _recipients(row: Record, matter: Matter, offices: Offices) -> Iterable[tuple[UUID, bool]]:
    """People to tell, each with whether as staff; nobody is told of their own act, but a filer has a receipt.

    The desk is the one before which the act laid the matter, however late the row is read. While a case has no
    handler, whoever has the next step is told in the handler's place.
    """
    told: dict[UUID, bool] = {}
    if row.event == "import_case":
        return ()
    day, out = local_day(row.at), matter.recused_path
    desk, holder = int(row.codes.get("desk", matter.desk_id)), int(row.codes.get("holder", matter.holder_id))
    if row.event in TO_DESK:
        told |= dict.fromkeys(offices.appointed(desk, TO_DESK[row.event], day, out), True)
    if row.event in TO_HANDLER or (row.event in TO_TURN and desk == holder):
        told |= dict.fromkeys(offices.handling(matter, day) or offices.appointed(desk, NEXT_STEP, day, out), True)
    elif row.event in TO_TURN:
        told |= dict.fromkeys(offices.appointed(desk, NEXT_STEP, day, out), True)
    if row.event in TO_SENDER and row.codes.get("from") == State.DISPATCHED:
        told |= dict.fromkeys(offices.appointed(holder, (Role.DISPATCHER,), day, out), True)
    if "superior" in row.codes:
        told |= dict.fromkeys(offices.superiors(str(row.codes["superior"]), day, out), True)
    if row.event in TO_OUTSIDE:
        told |= dict.fromkeys(offices.superiors(matter.holder_path, day, out, outside=True), True)
    if row.event in TO_SUPERIOR:
        told |= dict.fromkeys(offices.superiors(matter.holder_path, day, out), True)
    if matter.filer_id and _concerns_filer(row):
        told[matter.filer_id] = False
    actor, receipt = offices.person_of(row), row.event in RECEIPTS
    return tuple(each for each in told.items() if each[0] != actor or (receipt and not each[1]))


def _concerns_filer(row: Record) -> bool:
    """Whether the filer is told; never of what only staff may read."""
    if row.entry.audience == Audience.STAFF:
        return False
    return row.event in TO_FILER or (row.event in IF_DATE_MOVED and "due_before" in row.codes)
