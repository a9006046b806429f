"""The model card: from what the proposals of topics were learnt, how good they are, and where they are not."""

from typing import Any

from django.http import HttpResponse

from linli.ground.look.pages import render_page
from linli.ground.matters.clocks import local_day
from linli.ground.people.doors import Request, staff
from linli.services.cases.advice.learning import LEAST_PER_TOPIC, MOST_OWN, PARTS
from linli.services.cases.advice.predicting import newest_model
from linli.services.cases.models import TopicModel
from linli.services.cases.rules.rulebook import rulebook
from linli.services.catalogue.facade import Topic

EARLIER = 20


@staff
def model_card(request: Request) -> HttpResponse:
    """What is known of the model in use, topic by topic, the rules that say when it is heard, and its predecessors."""
    model, rules = newest_model(), rulebook().on(local_day(request.now))
    earlier = TopicModel.objects.defer("content").order_by("-pk")
    context = {
        "model": model,
        "lines": _lines(model) if model is not None else [],
        "earlier": list(earlier[1 : EARLIER + 1]),
        "rules": [rules.rule(code) for code in ("suggested_from", "own_texts", "alike_from", "alike_days")],
        "most_own": MOST_OWN,
        "parts": PARTS,
        "least": LEAST_PER_TOPIC,
    }
    return render_page(request, "cases/desk/model_card.html", context)


def _lines(model: TopicModel) -> list[dict[str, Any]]:
    """A line for each topic: its figures, and for which other one it is taken most."""
    figures, confusion = model.figures["labels"], model.figures["confusion"]
    names = {str(key): topic.name for key, topic in Topic.objects.in_bulk([int(label) for label in figures]).items()}
    lines = []
    for label, each in figures.items():
        others = {other: count for other, count in confusion[label].items() if count and other != label}
        most = max(others, key=lambda other: (others[other], other)) if others else ""
        taken = {"taken_for": names.get(most, ""), "taken": others.get(most, 0)}
        lines.append({"name": names.get(label, label), **each, **taken})
    return sorted(lines, key=lambda line: (-line["texts"], line["name"]))
