"""Cuts a template for the floor program from a page of ours.

What is the same on every page of its kind stands in the template as text, as whoever writes such a program by hand
would write it; rows, choices and counts become loops over what the statements give; whatever is drawn at random for
each request becomes a random word of the same length.
"""

import re

TOKEN = re.compile(r'(?<=csrf-token" content=")[A-Za-z0-9]{64}|(?<=csrfmiddlewaretoken" value=")[A-Za-z0-9]{64}')
"""What differs between two answers to the same request by nature: the token against forged forms."""
CURSOR = re.compile(r'(?<=after=)[\w-]+(?=")')

ICON = (
    '<svg class="icon" width="20" height="20" aria-hidden="true" focusable="false">'
    '<use href="/static/vendor/icons.svg#{{ %s }}"></use></svg>'
)
STATE = f'<span class="state state-{{{{ state[1] }}}}">{ICON % "state[2]"}<span>{{{{ state[0] }}}}</span></span>'
PUBLIC_ROWS = (
    "{% for number, title, state, place, holder, opened, rating in public_list %}"
    '<tr data-row><td class="cell-main"><a href="/cases/{{ number }}/">{{ title }}</a></td>\n'
    f'<td data-label="进展">{STATE}</td>\n'
    '<td data-label="在哪里">{{ place }}</td>\n'
    '<td data-label="承办单位">{{ holder }}</td>\n'
    '<td data-label="提交时间">{{ opened }}</td>\n'
    '<td data-label="评价">{{ rating }}</td>\n</tr>\n{% endfor %}'
)
INBOX_ROWS = (
    "{% for key, number, title, state, place, desk, opened, due, light, picture, words in inbox %}"
    "<tr data-row{% if light == 'red' %} class=\"row-late\"{% endif %}>CHECK"
    f'<td data-label="时限"><span class="light light-{{{{ light }}}}">{ICON % "picture"}<span>{{{{ words }}}}'
    "{% if light in ('green', 'yellow', 'red') %}"
    '<span class="light-day">{{ due }} 截止</span>{% endif %}</span></span></td>\n'
    '<td class="cell-main"><a href="/desk/cases/{{ number }}/" data-open>{{ title }}</a></td>\n'
    f'<td data-label="状态">{STATE}</td>\n'
    '<td data-label="地点">{{ place }}</td>\n'
    '<td data-label="现在轮到">{{ desk }}</td>\n'
    '<td class="cell-nowrap" data-label="收到">{{ opened }}</td>\n'
    '<td data-label="编号">{{ number }}</td>\n</tr>\n{% endfor %}'
)
CHECK = (
    '<td class="cell-check"><label class="check-target"><input class="form-check-input" type="checkbox" name="matter" '
    'value="{{ key }}"><span class="visually-hidden">选择 {{ title }}</span></label></td>\n'
)
STREETS = (
    "{% for code, name in streets %}\n"
    '  <option value="{{ code }}"{% if code == "CHOSEN" %} selected{% endif %}>{{ name }}</option>{% endfor %}'
)
TOPICS = '{% for key, words in topics %}\n  <option value="{{ key }}">{{ words }}</option>{% endfor %}'
PLACES = (
    "{% for code, name, communities in places %}\n"
    '  <optgroup label="{{ name }}">\n  <option value="{{ code }}">{{ name }}</option>'
    '{% for code, name in communities %}\n  <option value="{{ code }}">{{ name }}</option>{% endfor %}\n'
    "  </optgroup>{% endfor %}"
)


class NotCut(Exception):
    """The page is not built as this file knows it; the two have to be brought together again."""


def template_of(kind: str, page: str, chosen_place: str = "") -> str:
    """The template of one page; raises `NotCut` where something is not found in it."""
    if "{{" in page or "{%" in page:
        raise NotCut("the page holds marks of Jinja")
    page = CURSOR.sub("{{ after }}", TOKEN.sub("{{ token() }}", page))
    if kind == "public_list":
        page = _between(page, "<tbody>", "</tbody>", PUBLIC_ROWS)
        return _choices(page, "place", STREETS.replace("CHOSEN", chosen_place))
    check = CHECK if 'name="matter"' in page else ""
    page = _between(page, '<tbody data-keys="list">', "</tbody>", INBOX_ROWS.replace("CHECK", check))
    page = _choices(_choices(page, "topic", TOPICS), "place", PLACES)
    return _counts(page)


def _between(page: str, head: str, tail: str, put: str) -> str:
    """The page with something else between two marks."""
    before, found, rest = page.partition(head)
    _, also, after = rest.partition(tail)
    if not found or not also:
        raise NotCut(head)
    return before + head + put + tail + after


def _choices(page: str, name: str, put: str) -> str:
    """The page with other choices behind the first one of a list."""
    head = re.search(rf'<select name="{name}".*?</option>', page, re.DOTALL)
    if head is None:
        raise NotCut(name)
    return page[: head.end()] + put + page[page.index("\n</select>", head.end()) :]


def _counts(page: str) -> str:
    """The page with the counts of states drawn from rows; their addresses stand as they are."""
    head = page.index('aria-label="状态"')
    tail = page.index("</nav>", head)
    counts = iter(range(100))
    numbers = re.sub(
        r'(?<=views-number">)\d+(?=<)',
        lambda _: "{{ total }}" if (place := next(counts)) == 0 else f"{{{{ states[{place - 1}][1] }}}}",
        page[head:tail],
    )
    return page[:head] + numbers + page[tail:]
