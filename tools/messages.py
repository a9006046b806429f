"""The English words of every page: extracted from Python and templates, kept in one file, compiled.

Chinese is the source language, so a message's id is its Chinese text. Without options the catalogue is brought up to
date and compiled: new messages come in empty, unused ones go, nothing is guessed from similar ones.
"""

import argparse
import io
import json
import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
HEADER_COMMENT = "# English of Linli's pages. Written by tools/messages.py, which drops every other comment."
HEADERS = (
    ("Project-Id-Version", "linli"),
    ("Language", "en"),
    ("MIME-Version", "1.0"),
    ("Content-Type", "text/plain; charset=utf-8"),
    ("Content-Transfer-Encoding", "8bit"),
    ("Plural-Forms", "nplurals=2; plural=(n != 1);"),
)
KEYWORDS = DEFAULT_KEYWORDS | {
    "gettext_lazy": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
CONTEXT_END = "\x04"
PLACEHOLDER = re.compile(r"%\((\w+)\)[sdrf]|%[sdrf]|\{(\w*)\}")
PERCENT = re.compile(r"%%|%\(\w+\)[sdrf]|%[sdrf]|(%)")

Translation: TypeAlias = str | list[str]


class Untranslatable(ValueError):
    """A translation that cannot be taken over: its form is another than its message's, or its placeholders are."""


@dataclass(frozen=True)
class Places:
    """Where the words are read from and where they are kept."""

    source: Path = ROOT / "src" / "linli"
    mapping: Path = ROOT / "babel.cfg"
    po: Path = ROOT / "src" / "linli" / "site" / "locale" / "en" / "LC_MESSAGES" / "django.po"

    @property
    def mo(self) -> Path:
        """The compiled catalogue, beside the readable one."""
        return self.po.with_suffix(".mo")


class EnglishCatalog(Catalog):
    """A catalogue whose header says nothing that changes by itself: no date, no version of a tool."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        """The header's lines."""
        return list(HEADERS)


def main(arguments: list[str] | None = None, places: Places | None = None) -> int:
    """Do what the options ask; the exit code of `--check` is 1 when anything is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    options = parser.add_mutually_exclusive_group()
    options.add_argument("--check", action="store_true", help="change nothing; fail when a translation is not in order")
    options.add_argument("--missing", action="store_true", help="print the untranslated messages as JSON to fill in")
    options.add_argument("--fill", type=Path, metavar="FILE", help='take over {"中文": "English" or ["one", "many"]}')
    asked = parser.parse_args(arguments)
    places = places or Places()
    if asked.check:
        return _report(list(faults(places)))
    catalog = updated(places)
    if asked.missing:
        sys.stdout.write(json.dumps(missing(catalog), ensure_ascii=False, indent=1) + "\n")
        return 0
    if asked.fill:
        try:
            unused = fill(catalog, json.loads(asked.fill.read_text("utf-8")))
        except (Untranslatable, json.JSONDecodeError) as error:
            return _report([str(error)])
        sys.stderr.writelines(f"left out, no page uses the message: {key}\n" for key in unused)
    write(places, catalog)
    sys.stdout.write(f"{len(catalog)} messages, {len(missing(catalog))} without a translation\n")
    return 0


def extracted(places: Places) -> EnglishCatalog:
    """Every message that the code and the templates use, untranslated."""
    with places.mapping.open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]
    catalog = EnglishCatalog(locale="en", header_comment=HEADER_COMMENT, fuzzy=False)
    found = extract_from_dir(places.source, methods, options, KEYWORDS)
    for _file, _line, message, _comments, context in found:
        catalog.add(message, context=context)
    for words in rule_words(places.source):
        catalog.add(words)
    return catalog


def rule_words(source: Path) -> Iterator[str]:
    """What pages show of dated rules: title, unit and source of each, in every rulebook."""
    for rulebook in sorted(source.rglob("rulebook.toml")):
        for version in tomllib.loads(rulebook.read_text("utf-8"))["versions"]:
            for rule in version["rules"].values():
                yield from (rule[name] for name in ("title", "unit", "source") if rule[name])


def kept(places: Places) -> Catalog:
    """The catalogue as it lies on disk."""
    if not places.po.exists():
        return Catalog(locale="en")
    with places.po.open("rb") as file:
        return read_po(file, locale="en")


def updated(places: Places) -> EnglishCatalog:
    """The messages in use with the translations known for exactly them."""
    catalog, known = extracted(places), kept(places)
    for message in messages(catalog):
        before = known.get(_single(message.id), message.context)
        if before is not None and before.id == message.id and not before.fuzzy:
            message.string = before.string
    return catalog


def messages(catalog: Catalog) -> Iterator[Message]:
    """The entries without the header."""
    return (message for message in catalog if message.id)


def missing(catalog: Catalog) -> dict[str, Translation]:
    """The messages that lack a translation, with what is there already: the form that `fill` reads."""
    return {
        _key(message): [*_forms(message), "", ""][:2] if message.pluralizable else ""
        for message in messages(catalog)
        if not all(_forms(message))
    }


def fill(catalog: Catalog, translations: dict[str, Translation]) -> list[str]:
    """Take translations over; returns the messages that are not in use any more.

    Raises:
        Untranslatable: a translation has the wrong form, or other placeholders than its message.
    """
    known = {_key(message): message for message in messages(catalog)}
    for key in (each for each in translations if each in known):
        message, translation = known[key], translations[key]
        if message.pluralizable is isinstance(translation, str):
            raise Untranslatable(f"write {'[one, many]' if message.pluralizable else 'one text'} for: {key}")
        message.string = translation if isinstance(translation, str) else tuple(translation)
        for fault in _message_faults(message):
            raise Untranslatable(fault)
    return [key for key in translations if key not in known]


def write(places: Places, catalog: Catalog) -> None:
    """Write the catalogue and its compiled form."""
    places.po.parent.mkdir(parents=True, exist_ok=True)
    places.po.write_bytes(_po(catalog))
    places.mo.write_bytes(_mo(catalog))


def faults(places: Places) -> Iterator[str]:
    """Everything that keeps a page from being read in English, or the files from being what the tool writes."""
    known = kept(places)
    catalog = updated(places)
    for message in messages(catalog):
        if known.get(_single(message.id), message.context) is None:
            yield f"not in {places.po.name}, run tools/messages.py: {_key(message)}"
        elif not all(_forms(message)):
            yield f"not translated: {_key(message)}"
        else:
            yield from _message_faults(message)
    on_disk = places.po.read_bytes() if places.po.exists() else b""
    if on_disk != _po(catalog):
        yield f"{places.po.name} is not as tools/messages.py writes it: run it"
    if not places.mo.exists() or places.mo.read_bytes() != _mo(catalog):
        yield f"{places.mo.name} is not what {places.po.name} compiles to: run tools/messages.py"


def _message_faults(message: Message) -> Iterator[str]:
    """What is wrong with a translation that is there: its values are others, or a % stands alone."""
    source = message.id if isinstance(message.id, str) else " ".join(message.id)
    wanted = _placeholders(source)
    for form in _forms(message):
        if form and _placeholders(form) != wanted:
            yield f"placeholders differ: {_key(message)} → {form}"
        elif _bare_percents(form) and not _bare_percents(source):
            yield f"a single % breaks formatting, write %%: {_key(message)} → {form}"


def _placeholders(text: str) -> set[str]:
    return {match.group() for match in PLACEHOLDER.finditer(text.replace("%%", ""))}


def _bare_percents(text: str) -> int:
    return sum(1 for match in PERCENT.finditer(text) if match.group(1))


def _forms(message: Message) -> tuple[str, ...]:
    """The translation's forms, at least one; empty where there is none."""
    string = message.string
    return (string,) if isinstance(string, str) else tuple(string or ("",))


def _single(identity: str | tuple[str, ...] | list[str]) -> str:
    return identity if isinstance(identity, str) else identity[0]


def _key(message: Message) -> str:
    """How a message is called outside: its (singular) text, after its context where it has one."""
    text = _single(message.id)
    return f"{message.context}{CONTEXT_END}{text}" if message.context else text


def _po(catalog: Catalog) -> bytes:
    buffer = io.BytesIO()
    write_po(buffer, catalog, width=0, no_location=True, sort_output=True, ignore_obsolete=True)
    return buffer.getvalue()


def _mo(catalog: Catalog) -> bytes:
    buffer = io.BytesIO()
    write_mo(buffer, catalog)
    return buffer.getvalue()


def _report(found: list[str]) -> int:
    sys.stderr.writelines(f"{line}\n" for line in found)
    if found:
        sys.stderr.write(f"{len(found)} faults; see CONTRIBUTING.md, “Messages”\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
