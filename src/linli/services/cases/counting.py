"""How the demands of each unit were answered, counted for the indicators."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Q, QuerySet

from linli.services.cases.models import Case
from linli.services.cases.rules.vocabulary import BAD_RATINGS, NOT_DUE, Appeal

Counted = tuple[int, int]  # part, whole


@dataclass(frozen=True)
class Answered:
    """Of one unit's demands: how many of how many.

    Args:
        response: answered by the due date, of those whose due date fell into the period and that were to be answered.
        solution: solved by the word of the filer, of those whose filer said in the period whether it is.
        satisfaction: rated 基本满意 or better, of those rated in the period.
    """

    response: Counted
    solution: Counted
    satisfaction: Counted

    def __add__(self, other: "Answered") -> "Answered":
        pairs = zip(
            (self.response, self.solution, self.satisfaction),
            (other.response, other.solution, other.satisfaction),
            strict=True,
        )
        return Answered(*((part + more, whole + all_) for (part, whole), (more, all_) in pairs))


def count_answers(starts: datetime, ends: datetime) -> dict[str, Answered]:
    """By the path of the holding organization, what happened from `starts` to before `ends`; three queries.

    A period of days that ends at a moment belongs to the day before it. What was answered before it was imported is not
    counted: nobody here had to answer it.
    """
    ours = Case.objects.filter(Q(source__isnull=True) | Q(accepted_at__isnull=False))
    due = ours.filter(matter__due_at__gt=starts, matter__due_at__lte=ends).exclude(matter__state__in=NOT_DUE)
    asked = Q(confirmed_at__gte=starts, confirmed_at__lt=ends) | Q(
        confirmed_at__isnull=True, called_at__gte=starts, called_at__lt=ends
    )
    said = ours.filter(asked, solved__isnull=False)
    # what counts_in_rates says of one rating
    rated = ours.filter(rated_at__gte=starts, rated_at__lt=ends).exclude(appeal=Appeal.UNFAIR)
    response = _counted(due, Q(replied_at__lte=F("matter__due_at")))
    solution = _counted(said, Q(solved=True))
    satisfaction = _counted(rated, ~Q(rating__in=BAD_RATINGS))
    nothing = (0, 0)
    return {
        path: Answered(response.get(path, nothing), solution.get(path, nothing), satisfaction.get(path, nothing))
        for path in sorted({*response, *solution, *satisfaction})
    }


def _counted(rows: QuerySet[Case], good: Q) -> dict[str, Counted]:
    grouped = rows.order_by().values_list("matter__holder_path")
    return {
        path: (part, whole) for path, part, whole in grouped.annotate(part=Count("pk", filter=good), whole=Count("pk"))
    }
