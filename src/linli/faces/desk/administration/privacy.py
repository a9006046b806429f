"""The pages on personal data: how long each kind is kept, and what would go today."""

from django.http import HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from linli.ground.look.pages import render_page
from linli.ground.people.doors import Request, staff
from linli.ground.privacy.retention import retention_plan


@staff
@require_safe
@never_cache
def administered_retention(request: Request) -> HttpResponse:
    """The terms of keeping with their sources, and the plan of today. It is run by command."""
    plan = retention_plan(request.actor, request.now)
    return render_page(request, "desk/administration/retention.html", {"plan": plan})
