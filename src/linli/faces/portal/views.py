"""The doorstep of the district: home, stored files, outlines of areas."""

from urllib.parse import quote
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseNotModified, JsonResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from linli.faces.portal.reads import outlines_version, readable_file
from linli.ground.files.storing import read_bytes
from linli.ground.files.thumbnails import CONTENT_TYPE as SMALL_TYPE
from linli.ground.files.thumbnails import read_small
from linli.ground.look.days import asked_day
from linli.ground.look.pages import render_page
from linli.ground.matters.clocks import local_day
from linli.ground.matters.standing import standing
from linli.ground.people.doors import Request, public
from linli.ground.territory.facade import LEVELS, Level, changes_until, outlines, outlines_as_of, units_as_of
from linli.ground.territory.wording import CHANGES
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
    return _handed_out(read_bytes(found), found.content_type, found.name)


@public
@require_safe
def matter_file_small(request: Request, file: UUID) -> HttpResponse:
    """The small picture of an image, for those who may read the image; for everybody else it does not exist."""
    found = readable_file(request.actor, file)
    if found is None:
        raise Http404
    try:
        content = read_small(found)
    except FileNotFoundError as error:
        raise Http404 from error
    return _handed_out(content, SMALL_TYPE, found.name)


def _handed_out(content: bytes, content_type: str, name: str) -> HttpResponse:
    """An answer that no browser takes for a page, and that nobody else keeps."""
    answer = HttpResponse(content, content_type=content_type)
    shown = "inline" if content_type.startswith("image/") else "attachment"
    answer["Content-Disposition"] = f"{shown}; filename*=UTF-8''{quote(name)}"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    patch_cache_control(answer, private=True, max_age=300)
    return answer


@public
@require_safe
def territory_outlines(request: Request, level: str) -> HttpResponse:
    """The outlines of one level as GeoJSON, as of a day if one is asked for; asked for again only when they changed."""
    if level not in LEVELS:
        raise Http404
    today = local_day(request.now)
    day = asked_day(request.GET, today)
    tag = f'"{level}-{outlines_version()}{"" if day == today else f"-{day}"}"'
    if request.headers.get("If-None-Match", "").removeprefix("W/") == tag:
        answer: HttpResponse = HttpResponseNotModified()
    else:
        answer = JsonResponse(
            outlines(Level(level)) if day == today else outlines_as_of(Level(level), day),
            content_type="application/geo+json",
            json_dumps_params={"ensure_ascii": False, "separators": (",", ":")},
        )
    answer["ETag"] = tag
    patch_cache_control(answer, public=True, max_age=300)
    return answer


@public
@require_safe
def territory(request: Request) -> HttpResponse:
    """The streets and communities of the district as of a day, and what was merged, split or moved until then."""
    today = local_day(request.now)
    day = asked_day(request.GET, today)
    tree = units_as_of(day)
    context = {
        "day": day,
        "today": today,
        "district": next((each for each in tree if each.place.level is Level.DISTRICT), None),
        "streets": [
            (street, [each for each in tree if each.parent == street.place.code])
            for street in tree
            if street.place.level is Level.STREET
        ],
        "changes": changes_until(day),
        "change_words": CHANGES,
    }
    return render_page(request, "portal/territory.html", context)
