"""Proposals follow the log: a demand that waits for its topic gets some, one that is open can be compared with others.

What was proposed goes when it is of no use any more. What somebody decided on it is told by the acts in the record.
"""

from collections.abc import Collection, Mapping
from datetime import datetime

from linli.ground.matters.timeline import newest_texts
from linli.ground.record.breathing import breathe
from linli.ground.record.following import follows, holding
from linli.ground.record.models import Record
from linli.ground.record.prepared import insert_many
from linli.services.cases.advice.fingerprinting import keep_fingerprints
from linli.services.cases.advice.predicting import newest_model, proposed_topics
from linli.services.cases.feature import CASES
from linli.services.cases.measured import RELEASE, released_cases
from linli.services.cases.models import Case, Fingerprint, Suggestion
from linli.services.cases.rules.vocabulary import Channel, State

FOLLOWER = "advice"
AT_ONCE = 500  # demands in one transaction
Texts = Mapping[int, Mapping[str, str]]


def advise_released(rows: list[Record]) -> None:
    """Propose for the demands of released imports: one row tells of a hundred thousand, and others wait."""
    released = released_cases([row.subject for row in rows if row.event == RELEASE])
    for start in range(0, len(released), AT_ONCE):
        with holding(FOLLOWER):
            advise_on(released[start : start + AT_ONCE], rows[-1].at)
        breathe()


@follows(FOLLOWER, ahead=advise_released)
def advise(rows: list[Record]) -> None:
    """Propose anew for every demand that the rows touched; as many queries for one as for `AT_ONCE` of them."""
    matters = sorted({row.entry.matter for row in rows if row.kind == CASES.kind and row.entry.matter is not None})
    for start in range(0, len(matters), AT_ONCE):
        advise_on(matters[start : start + AT_ONCE], rows[-1].at)


def advise_on(matters: Collection[int], now: datetime) -> None:
    """Bring fingerprints and proposals of these demands up to date."""
    rows = Case.objects.filter(matter__in=list(matters), matter__withheld=False).exclude(channel=Channel.PART)
    stand = {
        key: (state, closed is None)
        for key, state, closed in rows.values_list("matter", "matter__state", "matter__closed_at")
    }
    open_ones = {key for key, (_, is_open) in stand.items() if is_open}
    unfiled = {key for key, (state, _) in stand.items() if state == State.RECEIVED}
    Fingerprint.objects.filter(matter__in=set(matters) - open_ones).delete()
    Suggestion.objects.filter(matter__in=set(matters) - unfiled).delete()
    unprinted = open_ones - set(Fingerprint.objects.filter(matter__in=open_ones).values_list("matter", flat=True))
    unadvised = unfiled - set(Suggestion.objects.filter(matter__in=unfiled).values_list("matter", flat=True))
    if not unprinted and not unadvised:
        return
    texts = newest_texts(unprinted | unadvised, ("title", "text"))
    keep_fingerprints({key: texts.get(key, {}) for key in unprinted})
    _suggest({key: texts.get(key, {}) for key in unadvised}, now)


def _suggest(texts: Texts, now: datetime) -> None:
    model = newest_model() if texts else None
    if model is None:
        return
    told = {key: f"{each.get('title', '')} {each.get('text', '')}" for key, each in texts.items()}
    proposed = zip(told, proposed_topics(model, list(told.values())), strict=True)
    insert_many([Suggestion(matter_id=key, model=model, made_at=now, topics=found) for key, found in proposed if found])


def advise_waiting(now: datetime) -> None:
    """Propose for the newest demands that wait for their topic: after the first model has come."""
    waiting = Case.objects.filter(matter__state=State.RECEIVED, matter__withheld=False).order_by("-matter")
    with holding(FOLLOWER):
        advise_on(list(waiting.values_list("matter", flat=True)[:AT_ONCE]), now)
