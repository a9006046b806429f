"""Services of Open311: the topics of the catalogue, one for whatever fits none, and what each asks for."""

from typing import Any

from django.utils.translation import gettext as _

from linli.faces.standards.answering import Fault
from linli.services.catalogue.facade import SEPARATOR, Topic, TopicChoice, topics

OTHER = "other"
LONGEST_KEY = 9


def service_list() -> list[dict[str, Any]]:
    """Every service: leaves of the catalogue in its order, then the one for what fits none of them."""
    return [*(_service(each) for each in topics()), _other()]


def service_definition(code: str) -> dict[str, Any]:
    """What a service asks for beside description and place: the same of every one.

    Raises:
        Fault: there is no such service.
    """
    if code != OTHER and code not in {str(each.pk) for each in topics()}:
        raise unknown_service(code)
    return {
        "service_code": code,
        "attributes": [_attribute(order, *each) for order, each in enumerate(_attributes(), 1)],
    }


def chosen_topic(code: str) -> Topic | None:
    """The topic of a service that may be asked for; None for the one that fits whatever has no topic.

    Raises:
        Fault: no service was named, or there is no such service.
    """
    if not code:
        raise Fault(400, [_("缺少 service_code。")])
    if code == OTHER:
        return None
    if code not in {str(each.pk) for each in topics()}:
        raise unknown_service(code)
    topic: Topic = Topic.objects.get(pk=code)
    return topic


def known_topics(codes: list[str]) -> list[int]:
    """The topics of services that demands have or had.

    Raises:
        Fault: one of them never was.
    """
    keys = {code: int(code) for code in codes if code.isascii() and code.isdigit() and len(code) <= LONGEST_KEY}
    there = set(Topic.objects.filter(pk__in=keys.values()).values_list("pk", flat=True))
    for code in codes:
        if code != OTHER and keys.get(code) not in there:
            raise unknown_service(code)
    return list(there)


def service_of(topic: int | None, name: str | None) -> dict[str, str]:
    """Code and name of the service that a demand belongs to."""
    if topic is None:
        return {"service_code": OTHER, "service_name": _("其他")}
    return {"service_code": str(topic), "service_name": name or ""}


def unknown_service(code: str) -> Fault:
    """There is no such service."""
    return Fault(404, [_("没有这个 service_code：%(code)s。") % {"code": code}])


def attribute_values() -> dict[str, set[str]]:
    """What may be answered to each attribute."""
    return {code: {key for key, _name in values} for code, _description, values in _attributes()}


def _attribute(order: int, code: str, description: str, values: list[tuple[str, str]]) -> dict[str, Any]:
    """Something more that may be said, out of a list; none of it has to be."""
    return {
        "variable": True,
        "code": code,
        "datatype": "singlevaluelist",
        "required": False,
        "datatype_description": None,
        "order": order,
        "description": description,
        "values": [{"key": key, "name": name} for key, name in values],
    }


def _attributes() -> list[tuple[str, str, list[tuple[str, str]]]]:
    return [
        (
            "visibility",
            _("办完以后，可以公开吗？公开前，工作人员会遮去个人信息。不说就是不公开。"),
            [("private", _("不公开，只有办理的人看")), ("public", _("可以公开，供邻居参考"))],
        ),
        (
            "identity_shown",
            _("承办单位可以知道反映人是谁吗？不说就是可以。"),
            [("yes", _("可以，方便联系")), ("no", _("不可以，只由受理窗口联系"))],
        ),
        (
            "safe",
            _("内容像是紧急情况时，先问反映人有没有危险：有，请立即拨打 110、119、120；确认没有，选“没有危险”再提交。"),
            [("no", _("没有问过")), ("yes", _("没有危险"))],
        ),
    ]


def _service(topic: TopicChoice) -> dict[str, Any]:
    *above, name = topic.names
    return {
        "service_code": str(topic.pk),
        "service_name": name,
        "description": _("承诺自收到之日起 %(days)s 个工作日内答复。") % {"days": topic.promised_days},
        "metadata": True,
        "type": "realtime",
        "keywords": ",".join(topic.names),
        "group": SEPARATOR.join(above) or None,
    }


def _other() -> dict[str, Any]:
    return {
        "service_code": OTHER,
        "service_name": _("其他"),
        "description": _("不知道属于哪一类的，选这一项，由受理窗口归类。"),
        "metadata": True,
        "type": "realtime",
        "keywords": None,
        "group": None,
    }
