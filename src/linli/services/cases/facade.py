"""What others may import of demands: reads, words and actions."""

from linli.services.cases.desk_forms import BULK_STEPS
from linli.services.cases.feature import CASES
from linli.services.cases.selectors import look_up, own_cases, public_cases, view_case, view_public_case
from linli.services.cases.wording import STATES, STEPS

__all__ = [
    "BULK_STEPS",
    "CASES",
    "STATES",
    "STEPS",
    "look_up",
    "own_cases",
    "public_cases",
    "view_case",
    "view_public_case",
]
