"""What others may import of demands: reads, words and actions."""

from linli.services.cases.adopting import adopt_earlier_cases
from linli.services.cases.copies import own_case_copies
from linli.services.cases.counter_forms import place_choices
from linli.services.cases.counting import Answered, count_answers
from linli.services.cases.desk_forms import BULK_STEPS, topic_choices
from linli.services.cases.feature import CASES
from linli.services.cases.measured import RELEASE, MeasuredCase, measured_after, measured_cases, released_cases
from linli.services.cases.selectors import look_up, own_cases, public_cases, view_case, view_public_case
from linli.services.cases.taking_back import take_back_named_cases
from linli.services.cases.wording import CHANNELS, STATES, STEPS

__all__ = [
    "BULK_STEPS",
    "CASES",
    "CHANNELS",
    "RELEASE",
    "STATES",
    "STEPS",
    "Answered",
    "MeasuredCase",
    "adopt_earlier_cases",
    "count_answers",
    "look_up",
    "measured_after",
    "measured_cases",
    "own_case_copies",
    "own_cases",
    "place_choices",
    "public_cases",
    "released_cases",
    "take_back_named_cases",
    "topic_choices",
    "view_case",
    "view_public_case",
]
