"""Learning which words speak for which topic: from the demands that ended under one, or from the program's own texts.

Source of the method: docs/methods/triage.md. What is learnt is replaced as a whole, so that a demand whose texts were
erased is in no model for longer than the rules say.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from importlib import import_module

import structlog
from django.db import transaction
from django.utils.timezone import localtime

from linli.ground.matters.clocks import local_day
from linli.ground.matters.timeline import newest_texts
from linli.methods.segmenting import segmented
from linli.services.cases.advice.predicting import newest_model
from linli.services.cases.advice.suggesting import advise_waiting
from linli.services.cases.models import Case, TopicModel
from linli.services.cases.rules.rulebook import rulebook
from linli.services.cases.rules.vocabulary import Channel, State
from linli.services.catalogue.facade import topics

logger = structlog.get_logger(__name__)

MOST_OWN = 10_000
"""So many of the newest demands are learnt from: some five minutes of one core at night."""

AT_ONCE = 1000
PARTS = 3
LEAST_PER_TOPIC = 4
LEARN_EVERY = timedelta(days=7)
FIRST_HOUR = 1


@dataclass(frozen=True)
class ExampleText:
    """A text that comes with the program, and the name of the topic that it is about."""

    topic: str
    title: str
    text: str


@dataclass(frozen=True)
class Lesson:
    """Texts cut into words, each with the key of its topic."""

    texts: list[str]
    labels: list[str]


def learn_topics_at_night(now: datetime, examples: Iterable[ExampleText]) -> bool:
    """Learn once a week after one in the morning, the first time at once; True if done now."""
    newest = newest_model()
    if newest is not None and (localtime(now).hour < FIRST_HOUR or newest.learnt_at > now - LEARN_EVERY):
        return False
    learnt = learn_topics(now, examples) is not None
    if learnt and newest is None:
        advise_waiting(now)
    return learnt


def learn_topics(now: datetime, examples: Iterable[ExampleText]) -> TopicModel | None:
    """Learn from the newest ended demands, and from the examples as long as there are few; None if there is too little.

    Args:
        examples: those count whose topic bears the name of one topic in use.
    """
    own, added = own_lesson(), Lesson([], [])
    if len(own.texts) < rulebook().on(local_day(now)).integer("own_texts"):
        added = example_lesson(examples)
    lesson = _learnable(Lesson(own.texts + added.texts, own.labels + added.labels))
    if len(set(lesson.labels)) < 2:
        logger.info("too little to learn topics from", own=len(own.texts), examples=len(added.texts))
        return None
    evaluation = import_module("linli.methods.triage.evaluation")
    learning, storing = (import_module(f"linli.methods.triage.{name}") for name in ("learning", "storing"))
    threshold = float(rulebook().on(local_day(now)).fraction("suggested_from"))
    figures = evaluation.cross_validated(lesson.texts, lesson.labels, parts=PARTS, threshold=threshold)
    content = storing.packed_model(learning.train(lesson.texts, lesson.labels))
    with transaction.atomic():
        TopicModel.objects.exclude(content=b"").update(content=b"")
        return TopicModel.objects.create(
            learnt_at=now,
            own=len(own.texts),
            examples=len(added.texts),
            topics=len(set(lesson.labels)),
            figures=asdict(figures),
            content=content,
        )


def own_lesson() -> Lesson:
    """The newest demands that were closed under a topic which is in use; parts and erased ones are left out."""
    in_use = [topic.pk for topic in topics()]
    closed = Case.objects.filter(
        matter__state=State.CLOSED, matter__erased_at__isnull=True, matter__withheld=False, topic__in=in_use
    ).exclude(channel=Channel.PART)
    rows = list(closed.order_by("-matter").values_list("matter", "topic")[:MOST_OWN])
    lesson = Lesson([], [])
    for start in range(0, len(rows), AT_ONCE):
        chunk = rows[start : start + AT_ONCE]
        told = newest_texts([key for key, _ in chunk], ("title", "text"))
        for key, topic in chunk:
            texts = told.get(key, {})
            _add(lesson, f"{texts.get('title', '')} {texts.get('text', '')}", topic)
    return lesson


def example_lesson(examples: Iterable[ExampleText]) -> Lesson:
    """The examples whose topic is in use here under a name that no other one bears."""
    named = Counter(topic.names[-1] for topic in topics())
    keys = {topic.names[-1]: topic.pk for topic in topics() if named[topic.names[-1]] == 1}
    lesson = Lesson([], [])
    for example in examples:
        if example.topic in keys:
            _add(lesson, f"{example.title} {example.text}", keys[example.topic])
    return lesson


def _add(lesson: Lesson, text: str, topic: int) -> None:
    words = segmented(text)
    if words:
        lesson.texts.append(words)
        lesson.labels.append(str(topic))


def _learnable(lesson: Lesson) -> Lesson:
    """Without topics that have too few texts to be learnt and judged."""
    counts = Counter(lesson.labels)
    kept: Sequence[int] = [place for place, label in enumerate(lesson.labels) if counts[label] >= LEAST_PER_TOPIC]
    return Lesson([lesson.texts[place] for place in kept], [lesson.labels[place] for place in kept])
