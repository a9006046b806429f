"""Who may do what to a demand, and how far."""

from linli.kernel.access import AccessTable, Reach, Role

OWN, KEY, UNIT, AREA = Reach.OWN, Reach.KEY, Reach.UNIT, Reach.AREA
EVERYTHING, PUBLISHED = Reach.EVERYTHING, Reach.PUBLISHED

Grants = dict[Role, Reach | tuple[Reach, ...]]

FILER: Grants = {Role.RESIDENT: OWN, Role.KEYHOLDER: KEY}
HOLDER: Grants = {Role.CLERK: UNIT}
DESK = {Role.DISPATCHER: UNIT}
UNIT_OR_AREA = (UNIT, AREA)
# For a caller or somebody at the counter, wherever in the area they filed (X10); the record says which office did it.
WINDOW: Grants = {Role.WINDOW_CLERK: UNIT_OR_AREA}
COUNTER: Grants = WINDOW | {Role.DISPATCHER: UNIT_OR_AREA}
CLOCK = {Role.SYSTEM: EVERYTHING}
# Whose unit stands above the holder's, not merely above its area.
SUPERIOR = {Role.SUPERVISOR: UNIT}

ACCESS = AccessTable(
    {
        # reading
        "view_case": FILER
        | {
            Role.WINDOW_CLERK: UNIT_OR_AREA,
            Role.CLERK: UNIT,
            Role.REVIEWER: UNIT,
            Role.SIGNER: UNIT,
            Role.DISPATCHER: UNIT_OR_AREA,
            Role.SUPERVISOR: UNIT_OR_AREA,
            Role.OBSERVER: AREA,
            Role.AUDITOR: AREA,
        },
        "view_public_case": dict.fromkeys(Role, PUBLISHED),
        "unmask_filer": {Role.CLERK: UNIT, Role.DISPATCHER: UNIT, Role.WINDOW_CLERK: UNIT},
        "view_figures": dict.fromkeys((Role.DISPATCHER, Role.SUPERVISOR, Role.OBSERVER, Role.AUDITOR), AREA),
        "export_cases": {
            Role.DISPATCHER: UNIT_OR_AREA,
            Role.SUPERVISOR: UNIT_OR_AREA,
            Role.CLERK: UNIT,
            Role.AUDITOR: AREA,
        },
        # opening
        "receive_case": {
            Role.VISITOR: EVERYTHING,
            Role.RESIDENT: EVERYTHING,
            Role.WINDOW_CLERK: EVERYTHING,
            Role.DISPATCHER: EVERYTHING,
        },
        "receive_case_for_somebody": {Role.WINDOW_CLERK: EVERYTHING, Role.DISPATCHER: EVERYTHING},
        "report_difficulty": {Role.CLERK: EVERYTHING},
        "open_part": {Role.DISPATCHER: EVERYTHING},
        "import_case": {Role.DISPATCHER: EVERYTHING, Role.SYSTEM: EVERYTHING},
        "view_import": {Role.DISPATCHER: AREA, Role.SYSTEM: EVERYTHING},
        # the desk that received it
        "file_case": DESK,
        "decline_case": DESK,
        "dispatch_case": DESK,
        "escalate_case": DESK,
        "recall_case": DESK,
        "split_case": DESK,
        "merge_case": DESK,
        "unmerge_case": DESK,
        "close_merged": DESK,
        "call_back_case": DESK,
        "reopen_for_filer": DESK,
        "verify_case": DESK,
        "close_case": DESK,
        "close_rectification": DESK,
        # the holding unit
        "accept_case": HOLDER,
        "return_case": HOLDER,
        "hand_over_case": HOLDER,
        "claim_case": HOLDER,
        "release_case": HOLDER,
        "assign_case": {Role.CLERK: UNIT, Role.SIGNER: UNIT},
        "ask_supplement": HOLDER,
        "request_extension": HOLDER,
        "handle_case": HOLDER,
        "draft_reply": HOLDER,
        "contact_rater": HOLDER | COUNTER,
        "rectify_case": HOLDER,
        "appeal_rating": {Role.CLERK: UNIT, Role.SIGNER: UNIT},
        "publish_case": HOLDER,
        "unpublish_case": HOLDER | FILER,
        "review_reply": {Role.REVIEWER: UNIT},
        "send_back_reply": {Role.REVIEWER: UNIT, Role.SIGNER: UNIT},
        "sign_reply": {Role.SIGNER: UNIT, Role.CLERK: UNIT},
        "add_note": {Role.CLERK: UNIT, Role.DISPATCHER: UNIT, Role.WINDOW_CLERK: UNIT, Role.SIGNER: UNIT},
        # the superior
        "grant_extension": SUPERIOR,
        "refuse_extension": SUPERIOR,
        "rule_holder": SUPERIOR,
        "uphold_rating": SUPERIOR,
        "overrule_rating": SUPERIOR,
        "supervise_case": SUPERIOR,
        "instruct_case": SUPERIOR,
        "grant_reopening": SUPERIOR,
        "refuse_reopening": SUPERIOR,
        # the filer
        "supply_supplement": FILER | COUNTER,
        "withdraw_case": FILER | WINDOW,
        "urge_case": FILER | COUNTER,
        "confirm_solved": FILER,
        "rate_case": FILER | WINDOW,
        "reopen_case": FILER | COUNTER,
        "request_reopening": FILER | COUNTER,
        "renew_code": FILER,
        # the system: when a telephone was proved, when a handler has left, when time has come
        "adopt_case": CLOCK,
        "release_for_leaver": CLOCK,
        "follow_reform": CLOCK,
        "open_rectification": CLOCK,
        "release_merged": CLOCK,
        "warn_merged": CLOCK,
        "warn_unruled": CLOCK,
        "join_parts": CLOCK,
        "end_part": CLOCK,
        "lapse_supplement": CLOCK,
        "warn_unaccepted": CLOCK,
        "warn_holder": CLOCK,
        "mark_overdue": CLOCK,
        "warn_unverified": CLOCK,
    }
)
