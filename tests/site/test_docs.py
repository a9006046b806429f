"""The two tools that keep pages and words in step with the code."""

import json
import re
from importlib import import_module
from pathlib import Path

import click
import pytest

from linli.site import commandline
from tools import make_docs, messages

ROOT = Path(__file__).resolve().parents[2]
READMES = ("README.md", "README.en.md")
MAPPING = messages.Places().mapping
PYTHON = """
from django.utils.translation import gettext_lazy as _, ngettext
LABEL = _("已收到")
LIMIT = _("最多 %(n)s 个字")
def many(n):
    return ngettext("%(n)s 件", "共 %(n)s 件", n) % {"n": n}
"""
TEMPLATE = """
<p>{% trans name=row.name %}
  您好,%(x)s
  {{ name }}
{% endtrans %}</p>
<h1>{{ _("首页") }}</h1>
"""
ENGLISH = {
    "已收到": "Received",
    "最多 %(n)s 个字": "At most %(n)s characters",
    "%(n)s 件": ["%(n)s demand", "%(n)s demands"],
    "您好, %(name)s": "Welcome, %(name)s",
    "首页": "Home",
}


@pytest.fixture
def places(tmp_path: Path) -> messages.Places:
    templates = tmp_path / "source" / "faces" / "templates" / "faces"
    templates.mkdir(parents=True)
    (tmp_path / "source" / "wording.py").write_text(PYTHON, "utf-8")
    (templates / "home.html").write_text(TEMPLATE.replace("%(x)s", ""), "utf-8")
    return messages.Places(tmp_path / "source", MAPPING, tmp_path / "locale" / "django.po")


@pytest.fixture
def filled(places: messages.Places, tmp_path: Path) -> messages.Places:
    assert run(places, "--fill", write(tmp_path, ENGLISH)) == 0
    return places


def run(places: messages.Places, *arguments: str | Path) -> int:
    return messages.main([str(each) for each in arguments], places)


def write(folder: Path, translations: object) -> Path:
    path = folder / "fill.json"
    path.write_text(json.dumps(translations, ensure_ascii=False), "utf-8")
    return path


def test_messages_come_from_python_and_templates(places: messages.Places, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(places, "--missing") == 0
    asked = json.loads(capsys.readouterr().out)
    assert asked == {key: ["", ""] if isinstance(text, list) else "" for key, text in ENGLISH.items()}
    assert not places.po.exists(), "asking writes nothing"


def test_a_filled_catalogue_is_in_order_and_stays_as_it_is(filled: messages.Places) -> None:
    assert run(filled, "--check") == 0
    before = filled.po.read_bytes(), filled.mo.read_bytes()
    assert run(filled) == 0
    assert (filled.po.read_bytes(), filled.mo.read_bytes()) == before
    assert not re.search(rb"\d{4}-\d\d-\d\d|wording\.py|Babel", before[0]), "no dates, places or versions"


def test_a_new_message_is_missed_until_it_is_translated(
    filled: messages.Places, capsys: pytest.CaptureFixture[str]
) -> None:
    (filled.source / "wording.py").write_text(PYTHON + 'NEW = _("已收到了")\n', "utf-8")
    assert run(filled, "--check") == 1
    assert "已收到了" in capsys.readouterr().err
    assert run(filled) == 0
    assert 'msgid "已收到了"\nmsgstr ""' in filled.po.read_text("utf-8"), "no guess from a similar message"
    assert run(filled, "--check") == 1
    assert "not translated: 已收到了" in capsys.readouterr().err


def test_a_message_no_longer_used_is_dropped(filled: messages.Places) -> None:
    (filled.source / "wording.py").write_text(PYTHON.replace("已收到", "收到了"), "utf-8")
    run(filled)
    assert "Received" not in filled.po.read_text("utf-8")


@pytest.mark.parametrize(
    ("key", "wrong"),
    [
        ("最多 %(n)s 个字", "At most %(m)s characters"),
        ("最多 %(n)s 个字", "At most that many characters"),
        ("%(n)s 件", ["one demand", "%(n)s demands"]),
        ("%(n)s 件", "%(n)s demands"),
        ("已收到", ["Received", "Received"]),
        ("已收到", "100% received"),
    ],
)
def test_a_translation_that_would_break_a_page_is_refused(
    filled: messages.Places, tmp_path: Path, key: str, wrong: str | list[str]
) -> None:
    before = filled.po.read_bytes()
    assert run(filled, "--fill", write(tmp_path, {key: wrong})) == 1
    assert filled.po.read_bytes() == before


def test_a_wrong_placeholder_written_by_hand_is_found(
    filled: messages.Places, capsys: pytest.CaptureFixture[str]
) -> None:
    text = filled.po.read_text("utf-8").replace("At most %(n)s", "At most %(most)s")
    filled.po.write_text(text, "utf-8")
    assert run(filled, "--check") == 1
    assert "placeholders differ" in capsys.readouterr().err


def test_a_compiled_catalogue_that_lags_behind_is_found(filled: messages.Places) -> None:
    filled.po.write_text(filled.po.read_text("utf-8").replace("Received", "We have it"), "utf-8")
    assert run(filled, "--check") == 1
    assert run(filled) == 0
    assert run(filled, "--check") == 0


def test_pages_are_written_once_and_stay(tmp_path: Path) -> None:
    assert make_docs.main(["--check"], tmp_path) == 1
    assert make_docs.main([], tmp_path) == 0
    assert make_docs.main(["--check"], tmp_path) == 0


def test_a_page_that_differs_lacks_or_is_left_over_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make_docs.main([], tmp_path)
    (tmp_path / "actions" / "accept_case.md").write_text("by hand", "utf-8")
    (tmp_path / "procedures" / "case.md").unlink()
    (tmp_path / "actions" / "forget_case.md").write_text("an action of old", "utf-8")
    assert make_docs.main(["--check"], tmp_path) == 1
    complaint = capsys.readouterr().err
    assert complaint.splitlines() == [
        "differs: actions/accept_case.md",
        "missing: procedures/case.md",
        "left over: actions/forget_case.md",
    ]
    make_docs.main([], tmp_path)
    assert make_docs.main(["--check"], tmp_path) == 0


def test_a_page_tells_who_may_what_must_hold_and_on_what_basis() -> None:
    page = make_docs.pages()["actions/return_case.md"]
    assert "- clerk: held by" in page
    assert "`dispatched` 已派遣，待签收 → `returned` 已退回" in page
    assert "within 24 hours" in page
    assert "`return_hours`" in page
    assert "Event `return_case`. Its texts are read by staff." in page


def test_equal_answers_stand_together() -> None:
    assert make_docs.grouped(["visitor", "clerk"], ["200", "200"]) == "200: everyone"
    assert make_docs.grouped(["visitor", "clerk", "signer"], ["403", "200", "200"]) == "403: visitor; 200: the others"


def test_every_link_leads_somewhere() -> None:
    pages = [*(ROOT / name for name in (*READMES, "CONTRIBUTING.md")), *(ROOT / "docs").rglob("*.md")]
    for page in pages:
        for target in re.findall(r"\]\(([^)#\s]+)", page.read_text("utf-8")):
            if "://" not in target and "images/" not in target:
                assert (page.parent / target).exists(), f"{page.name}: {target}"


@pytest.mark.parametrize("name", [*READMES, "docs/operations.md"])
def test_every_command_that_is_promised_exists(name: str) -> None:
    group = click.Group()
    for each in (*commandline.GROUPS, *commandline.LATER):
        import_module(f"linli.site.commands.{each}").register(group)
    for promised in re.findall(r"(?:^|[`/ ])linli ((?:[a-z]+ ?){1,2})", (ROOT / name).read_text("utf-8"), re.MULTILINE):
        first, *rest = promised.split()
        assert first in group.commands, promised
        command = group.commands[first]
        if isinstance(command, click.Group) and rest:
            assert rest[0] in command.commands, promised


def test_every_setting_is_explained_in_both_languages() -> None:
    read = re.findall(r'env\.\w+\("(\w+)"', (ROOT / "src/linli/site/settings.py").read_text("utf-8"))
    for name in READMES:
        text = (ROOT / name).read_text("utf-8")
        assert not [setting for setting in read if f"`{setting}`" not in text]


def test_every_rule_that_the_code_cites_is_told() -> None:
    sources = [*(ROOT / "src").rglob("*.py"), *(ROOT / "src").rglob("*.toml")]
    cited = {mark for path in sources for mark in re.findall(r"\b(?:B\d+\.\d+|R\d\d)\b", path.read_text("utf-8"))}
    told = set(re.findall(r"^\| (B\d+\.\d+|R\d\d) \|", (ROOT / "docs/rules.md").read_text("utf-8"), re.MULTILINE))
    assert cited == told
