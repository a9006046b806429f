"""What others may import of demands: reads, words and actions."""

from linli.services.cases.adopting import adopt_earlier_cases
from linli.services.cases.advice.learning import ExampleText, learn_topics, learn_topics_at_night
from linli.services.cases.advice.proposals import ProposedTopic, proposals_for
from linli.services.cases.advice.suggesting import advise_on
from linli.services.cases.copies import own_case_copies
from linli.services.cases.counter_forms import place_choices
from linli.services.cases.counting import Answered, count_answers
from linli.services.cases.desk_forms import BULK_STEPS, topic_choices
from linli.services.cases.feature import CASES
from linli.services.cases.measured import RELEASE, MeasuredCase, measured_after, measured_cases, released_cases
from linli.services.cases.portal_forms import PublicFilters
from linli.services.cases.published import PublishedFilters, each_published, published_page
from linli.services.cases.reporting import Report, take_report
from linli.services.cases.rules.vocabulary import ENDS
from linli.services.cases.selectors import (
    CaseView,
    asked_topic,
    look_up,
    own_cases,
    public_cases,
    view_case,
    view_public_case,
)
from linli.services.cases.taking_back import take_back_named_cases
from linli.services.cases.told import ToldDemand, merged_demands, told_demands
from linli.services.cases.wording import CHANNELS, STATES, STEPS

__all__ = [
    "BULK_STEPS",
    "CASES",
    "CHANNELS",
    "ENDS",
    "RELEASE",
    "STATES",
    "STEPS",
    "Answered",
    "CaseView",
    "ExampleText",
    "MeasuredCase",
    "ProposedTopic",
    "PublicFilters",
    "PublishedFilters",
    "Report",
    "ToldDemand",
    "adopt_earlier_cases",
    "advise_on",
    "asked_topic",
    "count_answers",
    "each_published",
    "learn_topics",
    "learn_topics_at_night",
    "look_up",
    "measured_after",
    "measured_cases",
    "merged_demands",
    "own_case_copies",
    "own_cases",
    "place_choices",
    "proposals_for",
    "public_cases",
    "published_page",
    "released_cases",
    "take_back_named_cases",
    "take_report",
    "told_demands",
    "topic_choices",
    "view_case",
    "view_public_case",
]
