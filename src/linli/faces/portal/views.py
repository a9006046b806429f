"""The doorstep of the district: home, stored files, outlines of areas."""

from urllib.parse import quote
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseNotModified, JsonResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from linli.faces.portal.reads import outlines_version, readable_file
from linli.ground.files.storing import read_bytes
from linli.ground.look.pages import render_page
from linli.ground.matters.standing import standing
from linli.ground.people.doors import Request, public
from linli.ground.territory.facade import LEVELS, Level, outlines
from linli.services.cases.facade import CASES, public_cases

NEWEST = 5


@public
def home(request: Request) -> HttpResponse:
    """By intention: to report, to look up, to see what neighbours care about."""
    rows = [row | standing(CASES, row, request.now) for row in public_cases(size=NEWEST).rows]
    return render_page(request, "portal/home.html", {"rows": rows})


@public
@require_safe
def matter_file(request: Request, file: UUID) -> HttpResponse:
    """A stored file, for those who may read it; for everybody else it does not exist."""
    found = readable_file(request.actor, file)
    if found is None:
        raise Http404
    answer = HttpResponse(read_bytes(found), content_type=found.content_type)
    shown = "inline" if found.content_type.startswith("image/") else "attachment"
    answer["Content-Disposition"] = f"{shown}; filename*=UTF-8''{quote(found.name)}"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    patch_cache_control(answer, private=True, max_age=300)
    return answer


@public
@require_safe
def territory_outlines(request: Request, level: str) -> HttpResponse:
    """The outlines of one level as GeoJSON; asked for again only when they changed."""
    if level not in LEVELS:
        raise Http404
    tag = f'"{level}-{outlines_version()}"'
    if request.headers.get("If-None-Match", "").removeprefix("W/") == tag:
        answer: HttpResponse = HttpResponseNotModified()
    else:
        answer = JsonResponse(
            outlines(Level(level)),
            content_type="application/geo+json",
            json_dumps_params={"ensure_ascii": False, "separators": (",", ":")},
        )
    answer["ETag"] = tag
    patch_cache_control(answer, public=True, max_age=300)
    return answer
