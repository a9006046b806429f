"""Who may do what to a demand, and how far."""

from linli.kernel.access import AccessTable, Reach, Role

OWN, KEY, UNIT, AREA = Reach.OWN, Reach.KEY, Reach.UNIT, Reach.AREA
EVERYTHING, PUBLISHED = Reach.EVERYTHING, Reach.PUBLISHED

FILER = {Role.RESIDENT: OWN, Role.KEYHOLDER: KEY}
HOLDER = {Role.CLERK: UNIT}
DESK = {Role.DISPATCHER: UNIT}
CLOCK = {Role.SYSTEM: EVERYTHING}
SUPERIOR = {Role.SUPERVISOR: AREA}

ACCESS = AccessTable(
    {
        # reading
        "view_case": FILER
        | {
            Role.WINDOW_CLERK: AREA,
            Role.CLERK: UNIT,
            Role.REVIEWER: UNIT,
            Role.SIGNER: UNIT,
            Role.DISPATCHER: AREA,
            Role.SUPERVISOR: AREA,
            Role.OBSERVER: AREA,
            Role.AUDITOR: AREA,
        },
        "view_public_case": dict.fromkeys(Role, PUBLISHED),
        "unmask_filer": {Role.CLERK: UNIT, Role.DISPATCHER: UNIT, Role.WINDOW_CLERK: UNIT},
        "export_cases": {Role.DISPATCHER: AREA, Role.SUPERVISOR: AREA, Role.CLERK: UNIT, Role.AUDITOR: AREA},
        # opening
        "receive_case": {
            Role.VISITOR: EVERYTHING,
            Role.RESIDENT: EVERYTHING,
            Role.WINDOW_CLERK: EVERYTHING,
            Role.DISPATCHER: EVERYTHING,
        },
        "receive_case_for_somebody": {Role.WINDOW_CLERK: EVERYTHING, Role.DISPATCHER: EVERYTHING},
        "report_difficulty": {Role.CLERK: EVERYTHING},
        "import_case": {Role.DISPATCHER: EVERYTHING, Role.SYSTEM: EVERYTHING},
        "view_import": {Role.DISPATCHER: AREA, Role.SYSTEM: EVERYTHING},
        # the desk that received it
        "file_case": DESK,
        "decline_case": DESK,
        "dispatch_case": DESK,
        "escalate_case": DESK,
        "recall_case": DESK,
        "call_back_case": DESK,
        "reopen_for_filer": DESK,
        "verify_case": DESK,
        "close_case": DESK,
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
        "publish_case": HOLDER,
        "review_reply": {Role.REVIEWER: UNIT},
        "send_back_reply": {Role.REVIEWER: UNIT, Role.SIGNER: UNIT},
        "sign_reply": {Role.SIGNER: UNIT, Role.CLERK: UNIT},
        "add_note": {Role.CLERK: UNIT, Role.DISPATCHER: UNIT, Role.WINDOW_CLERK: UNIT, Role.SIGNER: UNIT},
        # the superior
        "grant_extension": SUPERIOR,
        "refuse_extension": SUPERIOR,
        "supervise_case": SUPERIOR,
        "instruct_case": SUPERIOR,
        "grant_reopening": SUPERIOR,
        "refuse_reopening": SUPERIOR,
        # the filer
        "supply_supplement": FILER | {Role.WINDOW_CLERK: AREA, Role.DISPATCHER: AREA},
        "withdraw_case": FILER,
        "urge_case": FILER,
        "confirm_solved": FILER,
        "rate_case": FILER,
        "reopen_case": FILER,
        "request_reopening": FILER,
        "renew_code": FILER,
        # time alone
        "lapse_supplement": CLOCK,
        "warn_unaccepted": CLOCK,
        "warn_holder": CLOCK,
        "mark_overdue": CLOCK,
        "warn_unverified": CLOCK,
    }
)
