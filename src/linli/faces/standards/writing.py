"""Values as JSON and as XML, alike to the letter: what XML cannot hold is left out of both."""

import json
import re
from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree as ET

XML = "text/xml"
JSON = "application/json"
FORBIDDEN = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# What a member of each list is called in XML.
MEMBERS = {
    "services": "service",
    "attributes": "attribute",
    "values": "value",
    "service_requests": "request",
    "errors": "error",
    "endpoints": "endpoint",
    "formats": "format",
}


def plain(value: Any) -> Any:
    """A value whose texts may stand in XML: line ends as one character, no control characters."""
    if isinstance(value, str):
        return FORBIDDEN.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))
    if isinstance(value, Mapping):
        return {name: plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return [plain(each) for each in value]
    return value


def as_json(value: Any) -> bytes:
    """JSON, Chinese written as it is read."""
    return json.dumps(plain(value), ensure_ascii=False).encode()


def as_xml(root: str, value: Any) -> bytes:
    """XML below one element: lists as elements of their members, what is null as an empty element."""
    written: bytes = ET.tostring(_element(root, plain(value)), encoding="utf-8", xml_declaration=True)
    return written


def _element(name: str, value: Any) -> ET.Element:
    element = ET.Element(name)
    if isinstance(value, Mapping):
        element.extend(_element(each, below) for each, below in value.items())
    elif isinstance(value, list):
        element.extend(_element(MEMBERS[name], below) for below in value)
    elif isinstance(value, bool):
        element.text = "true" if value else "false"
    elif value is not None:
        element.text = str(value)
    return element
