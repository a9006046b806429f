"""Writes the pages of docs/ that the code can tell better than a person: procedures, actions and access.

`--check` writes nothing and fails with the list of pages that differ, are missing or are left over.
"""

import argparse
import ast
import csv
import inspect
import os
import pkgutil
import re
import sys
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

import django
from django.utils.translation import override

from linli.kernel.access import Role, reaches

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
EXPECTED_ACCESS = ROOT / "tests" / "access.csv"
GENERATED = "<!-- Written by tools/make_docs.py; edit the code instead. -->"
MODULES = re.compile(r"\b(?:\w+\.)+(?=\w)")
AUDIENCES = {
    "staff": "staff",
    "party": "staff and the filer",
    "public": "everyone, once the matter is published",
}
REACHES = {
    "published": "whatever has been published",
    "key": "the matters whose number and secret code were shown",
    "own": "the matters that the person filed",
    "unit": "held by, or lying at the desk of, the own organization or one below it",
    "area": "within the area that the own organization serves",
    "everything": "every matter",
}


def main(arguments: list[str] | None = None, docs: Path = DOCS) -> int:
    """Write the pages, or say which are not what they should be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail when a page differs or is left over")
    asked = parser.parse_args(arguments)
    made = pages()
    if asked.check:
        wrong = differing(made, docs)
        sys.stderr.writelines(f"{line}\n" for line in wrong)
        return 1 if wrong else 0
    for name, text in made.items():
        path = docs / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    for path in left_over(made, docs):
        path.unlink()
    sys.stdout.write(f"{len(made)} pages written\n")
    return 0


def pages(expected_access: Path = EXPECTED_ACCESS) -> dict[str, str]:
    """Every generated page by its name below docs/."""
    registered = import_module("linli.ground.matters.features").FEATURES
    features = [registered[kind] for kind in sorted(registered)]
    made = {}
    for feature in features:
        made[f"procedures/{feature.kind}.md"] = procedure_page(feature)
        for name in sorted(feature.actions):
            made[f"actions/{name}.md"] = action_page(feature, name)
    made["access.md"] = access_page(features, expected_access)
    made["procedures/index.md"] = procedures_index(features)
    made["actions/index.md"] = actions_index(features)
    return made


def differing(made: Mapping[str, str], docs: Path) -> list[str]:
    """What `--check` complains about, one line per page."""
    wrong = []
    for name, text in sorted(made.items()):
        path = docs / name
        if not path.exists():
            wrong.append(f"missing: {name}")
        elif path.read_text("utf-8") != text:
            wrong.append(f"differs: {name}")
    return wrong + [f"left over: {path.relative_to(docs)}" for path in left_over(made, docs)]


def left_over(made: Mapping[str, str], docs: Path) -> list[Path]:
    """Pages that the code no longer tells."""
    found = [*docs.glob("procedures/*.md"), *docs.glob("actions/*.md"), *docs.glob("access.md")]
    return sorted(path for path in found if path.relative_to(docs).as_posix() not in made)


def procedure_page(feature: Any) -> str:
    """A kind of matter: a picture and a table for each version of its procedure, the newest first."""
    lines = [GENERATED, "", f"# Procedure: {feature.kind}", "", life_of(feature)]
    for version in sorted(feature.procedures, reverse=True):
        procedure = feature.procedures[version]
        newest = " (new matters start under it)" if version == feature.newest else ""
        lines += ["", f"## Version {version}{newest}", "", "```mermaid"]
        lines += [procedure.mermaid(lambda code: label_of(feature, code)).rstrip(), "```", ""]
        lines += [f"Begins in {state(feature, procedure.initial)}. Ends: {states(feature, procedure.ends)}.", ""]
        lines += table(
            ("step", "中文", "who", "from", "to", "what must hold"),
            (step_row(feature, procedure, each) for each in procedure.steps),
        )
        lines += ["", "### What time alone does", "", doc_of(procedure.deadlines)]
    return "\n".join(lines) + "\n"


def step_row(feature: Any, procedure: Any, step: Any) -> tuple[str, ...]:
    """One line of a procedure's table."""
    return (
        f"[`{step.name}`](../actions/{step.name}.md)",
        label_of(feature, step.name),
        who(feature, step.name),
        from_words(feature, procedure, step),
        state(feature, step.target) if step.target is not None else "stays",
        guard_words(step.guard),
    )


def from_words(feature: Any, procedure: Any, step: Any) -> str:
    """The states in which a step is open; the two largest sets have names."""
    if step.sources == set(procedure.states()):
        return "any state"
    return (
        "any open state" if step.sources == set(procedure.states()) - procedure.ends else states(feature, step.sources)
    )


def life_of(feature: Any) -> str:
    """What a kind of matter is, in a sentence."""
    return sentence(part_of(feature, "rules.procedure") or import_module(feature.model.__module__))


def action_page(feature: Any, name: str) -> str:
    """One write: who, from where to where, what must hold, what is asked, what is recorded, on what basis."""
    action = feature.actions[name]
    procedure = feature.procedures[feature.newest]
    steps = procedure.named(name)
    lines = [GENERATED, "", f"# {name}", "", f"{label_of(feature, name)} · a write on `{feature.kind}`", ""]
    lines += [doc_of(action), "", "## Who may", ""]
    lines += [
        f"- {role}: {REACHES[reach]} (`{reach}`)" if steps else f"- {role}" for role, reach in grants(feature, name)
    ]
    lines += ["", "## Effect", ""]
    if steps:
        lines += [f"- {from_words(feature, procedure, each)} → {target_words(feature, each)}" for each in steps]
    else:
        lines.append(f"- opens a matter, in {state(feature, procedure.initial)} unless the action sets another state")
    guards = [words for words in dict.fromkeys(guard_words(each.guard) for each in steps) if words]
    guards += refusals(feature, action.run)
    if guards:
        lines += ["", "## What must hold", "", *(f"- {guard}" for guard in guards)]
    lines += ["", "## Inputs", "", *inputs(action.run), "", "## Record", ""]
    lines.append(f"Event `{name}`. Its texts are read by {AUDIENCES[action.audience]}.")
    basis = list(sources_of_rules(feature, [action.run, *(each.guard for each in steps)]))
    if basis:
        lines += ["", "## Basis", ""]
        lines += table(("rule", "title", "value", "source", "verified"), basis)
    return "\n".join(lines) + "\n"


def target_words(feature: Any, step: Any) -> str:
    """Where a step leads."""
    return "the state stays" if step.target is None else state(feature, step.target)


def procedures_index(features: Iterable[Any]) -> str:
    """Every kind of matter."""
    rows = ((f"[`{each.kind}`]({each.kind}.md)", life_of(each)) for each in features)
    return "\n".join([GENERATED, "", "# Procedures", "", *table(("kind", "what it is"), rows)]) + "\n"


def actions_index(features: Iterable[Any]) -> str:
    """Every write: those on matters with a page each, the others with a line each."""
    lines = [GENERATED, "", "# Actions", "", "One write, one file, one function, one event of the record."]
    on_matters = set()
    for feature in features:
        lines += ["", f"## On matters of kind `{feature.kind}`", ""]
        rows = []
        for name in sorted(feature.actions):
            on_matters.add(name)
            summary = sentence(feature.actions[name])
            rows.append((f"[`{name}`]({name}.md)", label_of(feature, name), summary))
        lines += table(("action", "中文", "what it does"), rows)
    lines += ["", "## Others", ""]
    others = sorted((name, where, text) for name, where, text in writes() if name not in on_matters)
    lines += table(("write", "in", "what it does"), ((f"`{name}`", where, text) for name, where, text in others))
    return "\n".join(lines) + "\n"


def writes() -> Iterator[tuple[str, str, str]]:
    """Every module of an `actions` package that holds a function of its own name."""
    for floor in ("ground", "services", "leadership", "selfgov", "insight"):
        if find_spec(f"linli.{floor}") is None:
            continue
        for feature in pkgutil.iter_modules(import_module(f"linli.{floor}").__path__):
            package = f"linli.{floor}.{feature.name}.actions"
            if not feature.ispkg or find_spec(package) is None:
                continue
            for each in pkgutil.iter_modules(import_module(package).__path__):
                found = getattr(import_module(f"{package}.{each.name}"), each.name, None)
                if found is not None:
                    yield each.name, f"`{floor}/{feature.name}`", sentence(found)


def access_page(features: Iterable[Any], expected: Path) -> str:
    """The access tables of the code, and the answers that `tests/access.csv` expects of every address."""
    lines = [GENERATED, "", "# Who may do what", "", "How far a role reaches:", ""]
    lines += [f"- `{reach}`: {text}" for reach, text in REACHES.items()]
    for feature in features:
        rows = ((f"`{name}`", who(feature, name).replace("<br>", ", ")) for name in feature.access.grants)
        lines += ["", f"## Matters of kind `{feature.kind}`", "", *table(("act", "role: reach"), rows)]
    if expected.exists():
        text = (
            "Written by hand in `tests/access.csv`; tests compare it with real responses (`302>home`: sent to `home`)."
        )
        lines += ["", "## What every address answers", "", text, "", *expected_answers(expected)]
    return "\n".join(lines) + "\n"


def expected_answers(expected: Path) -> list[str]:
    """The hand-written table, with equal answers put together."""
    with expected.open(encoding="utf-8", newline="") as file:
        head, *rows = [row for row in csv.reader(file) if row and not row[0].startswith("#")]
    first = head.index("visitor") if "visitor" in head else 1
    return table((*head[:first], "answers"), ((*row[:first], grouped(head[first:], row[first:])) for row in rows))


def grouped(visitors: list[str], answers: list[str]) -> str:
    """`200: visitor, clerk; 403: the others`: who gets which answer, the most frequent one last."""
    by_answer: dict[str, list[str]] = {}
    for visitor, answer in zip(visitors, answers, strict=False):
        by_answer.setdefault(answer, []).append(visitor)
    *few, (most, _) = sorted(by_answer.items(), key=lambda each: len(each[1]))
    parts = [f"{answer or '–'}: {', '.join(who_gets)}" for answer, who_gets in few]
    return "; ".join([*parts, f"{most or '–'}: {'the others' if parts else 'everyone'}"])


def who(feature: Any, name: str) -> str:
    """Roles and how far each reaches, in one line."""
    by_role: dict[str, list[str]] = {}
    for role, reach in grants(feature, name):
        by_role.setdefault(role, []).append(reach)
    return "<br>".join(f"{role}: {' or '.join(found)}" for role, found in by_role.items()) or "nobody"


def grants(feature: Any, name: str) -> list[tuple[str, str]]:
    """Role and reach of everyone who may take a step, in the order of the roles."""
    granted = feature.access.grants.get(name, {})
    return [(role.value, reach.value) for role in Role for reach in reaches(granted, role)]


def states(feature: Any, codes: Iterable[Any]) -> str:
    """Several states, in the order of their vocabulary."""
    codes = set(codes)
    return ", ".join(state(feature, each) for each in type(next(iter(codes))) if each in codes)


def state(feature: Any, code: Any) -> str:
    """A state: its code and its Chinese."""
    return f"`{code}` {label_of(feature, code)}"


def label_of(feature: Any, code: str) -> str:
    """The Chinese for a state, or what the button of a step says."""
    steps = getattr(part_of(feature, "wording"), "STEPS", {})
    with override("zh-hans"):
        return str(steps[code][0]) if code in steps else feature.words(code)


def guard_words(guard: Any) -> str:
    """A guard's docstring in one line; nothing for the guard that is always silent."""
    if guard.__name__ == "nothing_missing":
        return ""
    maker = getattr(guard, "__globals__", {}).get(guard.__qualname__.partition(".")[0])  # of a guard made by a function
    return sentence(guard if guard.__doc__ else maker, whole=True)


def refusals(feature: Any, run: Any) -> list[str]:
    """What the action itself finds missing, as the page tells it."""
    words = getattr(part_of(feature, "wording"), "BLOCKERS", {})
    with override("zh-hans"):
        return [f"`{code}` {words[code]}" for code in sorted(texts_in(run) & words.keys())]


def inputs(run: Any) -> list[str]:
    """A table of what the action is given beside the matter, who acts and when."""
    asked = list(inspect.signature(run).parameters.values())[1:]
    if not asked:
        return ["None."]
    rows = (
        (f"`{each.name}`", f"`{type_words(each.annotation)}`", "" if each.default is each.empty else default(each))
        for each in asked
    )
    return table(("input", "type", "when left out"), rows)


def default(parameter: inspect.Parameter) -> str:
    """A default as one would write it."""
    value = parameter.default
    return f"`{type(value).__name__}.{value.name}`" if hasattr(value, "name") else f"`{value!r}`"


def type_words(annotation: Any) -> str:
    """A type as it stands in the code, without its modules."""
    return MODULES.sub("", inspect.formatannotation(annotation))


def sources_of_rules(feature: Any, functions: Iterable[Any]) -> Iterator[tuple[str, ...]]:
    """The dated rules that an action and its guards name, with their sources."""
    book = getattr(part_of(feature, "rules.rulebook"), "rulebook", None)
    if book is None:
        return
    named = {text for function in functions for text in texts_in(function)}
    for code, rule in book().versions[-1].rules.items():
        if code in named:
            value = f"{rule.value} {rule.unit}".strip()
            yield f"`{code}`", rule.title, value, rule.source, "yes" if rule.verified else "not yet"


def texts_in(function: Any) -> set[str]:
    """Every string that stands in a function's source."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    return {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def part_of(feature: Any, name: str) -> ModuleType | None:
    """A module of the feature's package, None where it has none."""
    package = feature.model.__module__.rpartition(".")[0]
    return import_module(f"{package}.{name}") if find_spec(f"{package}.{name}") else None


def doc_of(thing: Any) -> str:
    """A cleaned docstring; empty where there is none."""
    return inspect.getdoc(thing) or ""


def sentence(thing: Any, *, whole: bool = False) -> str:
    """The first paragraph of a docstring, or all of it, in one line."""
    text = doc_of(thing)
    return " ".join((text if whole else text.partition("\n\n")[0]).split())


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> list[str]:
    """A Markdown table."""
    columns = list(head)
    lines = [f"| {' | '.join(columns)} |", f"|{'---|' * len(columns)}"]
    return lines + [f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in rows]


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.site.settings")
    django.setup()
    sys.exit(main())
