"""Open311 GeoReport v2: what the specification asks for, over the topics and demands of the district."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from linli.faces.standards.answering import READING, Answer, Fault, answered, fault_answer, let_in, shown_key
from linli.faces.standards.requests_filed import take_request
from linli.faces.standards.requests_read import (
    filters_asked,
    next_link,
    own_request_of,
    page_asked,
    request_of,
)
from linli.faces.standards.services import service_definition, service_list
from linli.faces.standards.writing import JSON, XML
from linli.ground.exchange.bearer import TokenRequest
from linli.ground.exchange.scopes import Scope
from linli.ground.matters.action import Refused
from linli.ground.organizations.selectors import district_contact
from linli.ground.people.doors import program, public
from linli.services.cases.facade import PublishedFilters, asked_topic, published_page, view_case
from linli.services.catalogue.facade import Topic

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
CHANGED = "2026-11-25T12:00:00+08:00"  # when what stands here last changed


@public
@answered(*READING)
def discovery(request: HttpRequest) -> Answer:
    """Where the service is, what it speaks, whom to ask."""
    contact = district_contact()
    here = request.build_absolute_uri(reverse("open311_services", kwargs={"form": "json"}))
    return Answer(
        "discovery",
        {
            "changeset": CHANGED,
            "contact": f"{contact.name} {contact.phone}".strip(),
            "key_service": _("api_key 就是接口令牌：工作人员登录办理台，在右上角自己的姓名下申领。"),
            "endpoints": [
                {
                    "specification": SPECIFICATION,
                    "url": here.removesuffix("/services.json"),
                    "changeset": CHANGED,
                    "type": "production",
                    "formats": [XML, JSON],
                }
            ],
        },
    )


@public
@answered(*READING)
def services(request: HttpRequest) -> Answer:
    """What may be asked for."""
    return Answer("services", service_list())


@public
@answered(*READING)
def service(request: HttpRequest, code: str) -> Answer:
    """What one service asks for."""
    return Answer("service_definition", service_definition(code))


@program
@answered(*READING, "POST")
def service_requests(request: TokenRequest) -> Answer:
    """Published demands, for everyone; sent with a key that may write, a new one."""
    if request.method == "POST":
        let_in(request, Scope.WRITE)
        return Answer("service_requests", [take_request(request)])
    after, size = page_asked(request)
    page = published_page(filters_asked(request), after=after, size=size)
    rows = [request_of(row) for row in page.rows]
    return Answer("service_requests", rows, next_link(request, page.after))


@program
@answered(*READING)
def service_request(request: TokenRequest, number: str) -> Answer:
    """One published demand, masked, whoever asks; one that is not published, for a key whose account may open it."""
    page = published_page(PublishedFilters(numbers=[number]), size=1)
    if page.rows:
        return Answer("service_requests", [request_of(page.rows[0])])
    return Answer("service_requests", [_own(request, number)])


@program
@answered(*READING)
def token(request: TokenRequest, number: str) -> Answer:
    """The request of a token. None is ever put off here, so the number of a request is its token."""
    page = published_page(PublishedFilters(numbers=[number]), size=1)
    found = page.rows[0]["number"] if page.rows else _own(request, number)["service_request_id"]
    return Answer("service_requests", [{"service_request_id": found, "token": found}])


@public
@csrf_exempt
def unknown(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Nothing stands at this address."""
    return fault_answer(Fault(404, [_("没有这个地址。")]), "xml" if rest.endswith(".xml") else "json")


def _own(request: TokenRequest, number: str) -> dict[str, object]:
    """A demand that is not published. Without a key it does not exist."""
    if not shown_key(request):
        raise _not_found()
    let_in(request, Scope.READ)
    try:
        view = view_case(request.actor, number, request.now)
    except Refused as refused:
        raise _not_found() from refused
    asked = None if view.case.topic else Topic.objects.filter(pk=asked_topic(view.matter.pk)).first()
    return own_request_of(view, (asked.pk, asked.name) if asked else None)


def _not_found() -> Fault:
    return Fault(404, [_("没有这个 service_request_id。")])
