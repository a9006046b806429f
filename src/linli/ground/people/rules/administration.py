"""Who administers the installation, and which events the audit administrator reads.

One installation is one district, so what an administrator may do reaches all of it; an appointment below the
district is refused.
"""

from collections.abc import Mapping

from linli.kernel.access import AccessTable, Reach, Role

SYSTEM_SIDE = {Role.SYSTEM_ADMINISTRATOR: Reach.EVERYTHING}
SECURITY_SIDE = {Role.SECURITY_ADMINISTRATOR: Reach.EVERYTHING, Role.SYSTEM: Reach.EVERYTHING}
AUDIT_SIDE = {Role.AUDIT_ADMINISTRATOR: Reach.EVERYTHING}

ADMINISTRATION = AccessTable(
    {
        "view_offices": SYSTEM_SIDE,
        "view_reforms": SYSTEM_SIDE,
        "upload_reform": SYSTEM_SIDE,
        "preview_again": SYSTEM_SIDE,
        "confirm_reform": SYSTEM_SIDE,
        "discard_reform": SYSTEM_SIDE,
        "view_accounts": SYSTEM_SIDE | SECURITY_SIDE,
        "suspend_account": SECURITY_SIDE,
        "readmit_account": SECURITY_SIDE,
        "end_sessions": SECURITY_SIDE,
        "reset_second_factor": SECURITY_SIDE,
        "link_sign_on": SECURITY_SIDE,
        "view_assessments": SYSTEM_SIDE | SECURITY_SIDE | AUDIT_SIDE,
        "enter_assessment": SECURITY_SIDE,
        "revise_assessment": SECURITY_SIDE,
        "view_retention": SYSTEM_SIDE | SECURITY_SIDE,
        "run_retention": {Role.SYSTEM: Reach.EVERYTHING},
        "view_log": AUDIT_SIDE,
        "export_log": AUDIT_SIDE,
    }
)

# What an administrative log shows, by group. Acts on matters stand on their own timelines.
AUDITED: Mapping[str, tuple[str, ...]] = {
    "sign_ins": ("sign_in", "lock_account", "end_sessions", "use_recovery_code"),
    "disclosures": ("unmask_person", "copy_own_data", "export_rows", "export_log"),
    "accounts": (
        "open_account",
        "register_resident",
        "set_password",
        "change_own_phone",
        "suspend_account",
        "readmit_account",
        "add_second_factor",
        "drop_second_factor",
        "renew_recovery_codes",
        "reset_second_factor",
        "link_sign_on",
        "make_token",
        "revoke_token",
        "close_account",
    ),
    "personal_data": (
        "give_consent",
        "withdraw_consent",
        "run_retention",
        "erase_texts",
        "enter_assessment",
        "revise_assessment",
    ),
    "appointments": ("appoint_person", "end_appointment", "report_absence", "move_appointment"),
    "installation": (
        "found_district",
        "import_territory",
        "establish_organization",
        "change_phone",
        "close_organization",
        "change_unit",
        "succeed_organization",
        "upload_reform",
        "preview_again",
        "confirm_reform",
        "discard_reform",
        "carry_out_reform",
        "import_topics",
        "upload_import",
        "confirm_import",
        "discard_import",
        "register_household",
        "load_calendar",
        "publish_rates",
        "subscribe_webhook",
        "end_webhook",
        "rotate_keys",
        "drop_old_keys",
    ),
}


def audited_events(group: str = "") -> tuple[str, ...]:
    """The events of a group; of all groups where none, or an unknown one, is named."""
    return AUDITED.get(group) or tuple(event for events in AUDITED.values() for event in events)
