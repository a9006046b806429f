"""A flattened template draws what Jinja would draw of it as it is written."""

from itertools import product
from typing import Any

import pytest
from django.utils import translation
from jinja2 import DictLoader, Environment

from linli.ground.look.environment import environment

MACROS = """
{% macro icon(name, turned="") %}<i{{ " " if turned }} class="{{ name }}{{ turned }}"></i>{% endmacro %}
{% macro badge(words, tone="plain") %}
{% set pictures = {"plain": "dot", "loud": "bell"} %}
<b class="{{ tone }}">{{ icon(pictures[tone]) }}{{ words }}</b>
{%- endmacro %}
{% macro cell(label="", main=false) %}
<td{% if main %} class="main"{% elif label %} data-label="{{ label }}"{% else %} bare{% endif %}>{{ caller() }}</td>
{%- endmacro %}
{% macro table(columns) %}
<table>{% for column in columns %}<th>{{ column or _("选择或操作") }}</th>{% endfor %}{{ caller() }}</table>
{% endmacro %}
{% macro twice() %}{% for each in (1, 2) %}{{ caller() }}{% endfor %}{% endmacro %}
{% macro down(left) %}{{ left }}{% if left %}{{ down(left - 1) }}{% endif %}{% endmacro %}
{% macro may_hold() %}{% if caller is defined %}[{{ caller() }}]{% else %}none{% endif %}{% endmacro %}
{% macro worded(day) %}{% trans day=day %}{{ day }} 截止{% endtrans %}{% endmacro %}
"""
HEAD = '{% from "macros" import icon, badge, cell, table, twice, down, may_hold, worded %}'
PAGES = (
    '{{ icon("bell") }}{{ icon("bell", turned=" left") }}{{ icon(name=tone) }}',
    '{{ badge(title) }}{{ badge(words=title | upper, tone="loud") }}{{ badge(_("公开诉求"), tone) }}',
    "{% for row in rows %}{% call cell(row.label) %}{{ row.words }}{{ loop.index }}{% endcall %}{% endfor %}",
    '{% call cell(main=true) %}{{ icon("dot") }}{{ title }}{% endcall %}{% call cell() %}{% endcall %}',
    (
        '{% call table(["", title] + (["x"] if rows else [])) %}'
        "{% for row in rows %}{{ badge(row.words) }}{% endfor %}{% endcall %}"
    ),
    (
        "{% call twice() %}{{ title }}{% endcall %}{{ down(3) }}{{ may_hold() }}"
        "{% call may_hold() %}{{ title }}{% endcall %}"
    ),
    '{{ worded("5 < 6") }}{{ worded(title) }}{% trans %}公开诉求{% endtrans %}{{ _("公开诉求") ~ title }}',
    (
        '{% set pictures = "mine" %}{{ badge(title, "loud") }}{{ pictures }}'
        "{% set words = title %}{{ badge(words) }}{{ words }}"
    ),
    '{% macro own(label) %}{{ label }}{{ title }}{{ icon(label) }}{% endmacro %}{{ own("dot") }}{{ own(tone) }}',
    (
        "{% macro own(label) %}{% call cell(label) %}{{ title }}{% endcall %}"
        '{% endmacro %}{{ own("dot") }}{{ own(title) }}'
    ),
    '{% if false %}{{ icon("never") }}{% elif title and true %}{{ icon("yes") }}{% else %}no{% endif %}',
    '{{ "shown" if rows else icon("dot") }}{{ "nothing" if false }}{{ icon("dot") if rows }}',
    '{{ url("public_cases") }}{{ url("public_case", number=title | length) }}{{ static("look/seal.svg") }}',
    "{% block content %}{{ title }}{% block inner scoped %}{{ badge(title) }}{% endblock %}{% endblock %}",
    (
        '{% for title in ("a", "b") %}{{ badge(title) }}{% endfor %}'
        '{% with tone = "loud" %}{{ badge(title, tone) }}{% endwith %}'
    ),
    "{{ badge(title, *['loud']) }}{{ badge(**{'words': title}) }}",
)
GIVEN: dict[str, Any] = {
    "title": "<灯> & 100%",
    "tone": "loud",
    "rows": [{"label": "名称", "words": "<b>"}, {"label": "", "words": "二"}],
}


def written(**options: Any) -> Environment:
    return environment(loader=DictLoader({"macros": MACROS}), **options)


def plain() -> Environment:
    made = written()
    made._parse = lambda source, name, filename: Environment._parse(made, source, name, filename)  # type: ignore[method-assign]
    return made


@pytest.mark.once
@pytest.mark.parametrize(("page", "language"), list(product(PAGES, ("zh-hans", "en"))))
def test_a_flattened_page_is_the_page(page: str, language: str) -> None:
    with translation.override(language):
        assert written().from_string(HEAD + page).render(GIVEN) == plain().from_string(HEAD + page).render(GIVEN)


@pytest.mark.once
def test_what_never_changes_is_text() -> None:
    made = written()
    with translation.override("en"):
        code = str(made.compile(HEAD + PAGES[0] + '{{ _("公开诉求") }}', raw=True))
    assert "公开诉求" not in code
    assert 'class="bell left"' in code


@pytest.mark.once
def test_one_environment_speaks_both_languages() -> None:
    made = environment(loader=DictLoader({"page": '{{ _("公开诉求") }}'}))
    said = []
    for language in ("zh-hans", "en", "zh-hans"):
        with translation.override(language):
            said.append(made.get_template("page").render())
    assert said[0] == said[2] == "公开诉求"
    assert said[1] != said[0]


@pytest.mark.once
def test_a_macro_that_reads_what_the_page_sets_is_called() -> None:
    page = '{% set day = "own" %}{% macro said(day) %}{{ day }}{% endmacro %}{{ said("given") }}{{ day }}'
    assert written().from_string(page).render() == plain().from_string(page).render() == "givenown"


@pytest.mark.once
def test_a_row_is_asked_for_what_it_holds_first() -> None:
    made = written()
    assert made.from_string("{{ row.items }}{{ row.get('x', 'none') }}").render(row={"items": 3}) == "3none"
