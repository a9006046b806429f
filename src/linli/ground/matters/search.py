"""Full-text search over matters: one index for staff, one for what is published, on both databases.

SQLite keeps the terms in FTS5, PostgreSQL in a `tsvector` with a GIN index; `kernel/bigrams` makes the terms, so a
word is found in the same places on both. See docs/decisions/0005-search.md.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from linli.ground.matters.models import Matter
from linli.ground.matters.paging import LARGEST_ID
from linli.ground.matters.timeline import newest_texts
from linli.ground.record.following import follows
from linli.ground.record.models import Record
from linli.kernel.bigrams import index_terms, query_phrases

STAFF_INDEX, PUBLIC_INDEX = "matters_search_staff", "matters_search_public"
FIELDS = {
    STAFF_INDEX: ("title", "text", "reply"),
    PUBLIC_INDEX: ("public_title", "public_text", "public_reply"),
}
CANDIDATES = 400


@dataclass(frozen=True)
class Hit:
    """A matter found, with a rank that is greater the better it fits."""

    matter: int
    rank: float


@follows("search")
def index_records(rows: list[Record]) -> None:
    """Index every matter that the rows touched."""
    names = {name for fields in FIELDS.values() for name in fields}
    touched = sorted({row.entry.matter for row in rows if row.entry.matter is not None and names & row.digests.keys()})
    texts = newest_texts(touched, names)
    for index, fields in FIELDS.items():
        documents = [
            _document(matter, found, fields)
            for matter, found in texts.items()
            if any(found.get(name) for name in fields)
        ]
        write_documents(index, documents)


def _document(matter: int, texts: dict[str, str], fields: tuple[str, str, str]) -> tuple[int, str, str, str]:
    title, body, reply = (texts.get(name, "") for name in fields)
    return matter, title, body, reply


def write_documents(index: str, documents: list[tuple[int, str, str, str]]) -> None:
    """Put texts (matter, title, text, reply) into an index, in place of what stood there."""
    if not documents:
        return
    terms: list[tuple[int, str, str, str]] = [
        (matter, index_terms(title), index_terms(text), index_terms(reply)) for matter, title, text, reply in documents
    ]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.executemany(
                f"INSERT INTO {index} (matter, vector) VALUES (%s, setweight(to_tsvector('simple', %s), 'A') || "
                "setweight(to_tsvector('simple', %s), 'B') || setweight(to_tsvector('simple', %s), 'C')) "
                "ON CONFLICT (matter) DO UPDATE SET vector = excluded.vector",
                terms,
            )
            return
        cursor.executemany(f"DELETE FROM {index} WHERE rowid = %s", [(row[0],) for row in terms])
        cursor.executemany(f"INSERT INTO {index} (rowid, title, body, reply) VALUES (%s, %s, %s, %s)", terms)


def forget_documents(matters: Collection[int]) -> None:
    """Take matters out of both indexes."""
    with connection.cursor() as cursor:
        for index in FIELDS:
            column = "matter" if connection.vendor == "postgresql" else "rowid"
            cursor.executemany(f"DELETE FROM {index} WHERE {column} = %s", [(matter,) for matter in matters])


def matching(text: str, *, public: bool) -> tuple[str, list[str]] | None:
    """SQL that selects the ids of matters holding every word of `text`, and its parameters; None for no words."""
    phrases = query_phrases(text)
    if not phrases:
        return None
    index = PUBLIC_INDEX if public else STAFF_INDEX
    if connection.vendor == "postgresql":
        return f"SELECT matter FROM {index} WHERE vector @@ %s::tsquery", [postgresql_query(phrases)]
    return f"SELECT rowid FROM {index} WHERE {index} MATCH %s", [sqlite_query(phrases)]


def ranked(text: str, candidates: Iterable[int], *, public: bool) -> list[Hit]:
    """The candidates ordered by how well they fit: title before text before reply."""
    return _ranked(query_phrases(text), list(candidates), PUBLIC_INDEX if public else STAFF_INDEX)


def _ranked(phrases: tuple[tuple[str, ...], ...], ids: list[int], index: str) -> list[Hit]:
    if not phrases or not ids:
        return []
    marks = ", ".join(["%s"] * len(ids))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                f"SELECT matter, ts_rank(vector, %s::tsquery) AS rank FROM {index} "
                f"WHERE matter IN ({marks}) ORDER BY rank DESC, matter DESC",
                [postgresql_query(phrases), *ids],
            )
        else:
            # A range of rowids, not a list: FTS5 would run the whole match once for each listed one.
            cursor.execute(
                f"SELECT rowid, -bm25({index}, 8.0, 2.0, 1.0) AS rank FROM {index} WHERE {index} MATCH %s "
                "AND rowid BETWEEN %s AND %s ORDER BY rank DESC, rowid DESC",
                [sqlite_query(phrases), min(ids), max(ids)],
            )
        wanted = set(ids)
        return [Hit(int(matter), float(rank)) for matter, rank in cursor.fetchall() if matter in wanted]


def sqlite_query(phrases: tuple[tuple[str, ...], ...]) -> str:
    """An FTS5 expression: every phrase must occur."""
    return " AND ".join(_sqlite_phrase(phrase) for phrase in phrases)


def postgresql_query(phrases: tuple[tuple[str, ...], ...]) -> str:
    """A tsquery: every phrase must occur."""
    return " & ".join("(" + " <-> ".join(_postgresql_term(term) for term in phrase) + ")" for phrase in phrases)


def _sqlite_phrase(phrase: tuple[str, ...]) -> str:
    quoted = '"' + " ".join(phrase) + '"'
    return f"{quoted} *" if len(phrase) == 1 and len(phrase[0]) == 1 else quoted


def _postgresql_term(term: str) -> str:
    return f"'{term}':*" if len(term) == 1 else f"'{term}'"


def find(text: str, condition: Q, *, public: bool) -> list[Hit]:
    """The best of the newest matches: matters that hold every word of `text` and that `condition` (a scope) admits.

    Ranking reads at most `CANDIDATES` documents, so a common word costs no more than a rare one.
    """
    found = matching(text, public=public)
    if found is None:
        return []
    sql, params = found
    if connection.vendor == "postgresql":
        return ranked(text, _admitted(condition, sql, params)[:CANDIDATES], public=public)
    return ranked(text, _newest_first(condition, sql, params), public=public)


def _admitted(condition: Q, sql: str, params: list[Any]) -> QuerySet[Matter, int]:
    """Those of the matters that a statement selects which a condition admits, the newest first."""
    rows = Matter.objects.filter(condition).filter(pk__in=RawSQL(sql, params))  # noqa: S611 -- parameters only
    return rows.order_by("-id").values_list("id", flat=True)


def _newest_first(condition: Q, sql: str, params: list[Any]) -> list[int]:
    """The same, at most `CANDIDATES`, on SQLite: FTS5 gives the newest first, so the older are not even looked at."""
    found: list[int] = []
    above, size = LARGEST_ID - 1, CANDIDATES * 2
    while len(found) < CANDIDATES:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT min(rowid), count(*) FROM ({sql} AND rowid < %s ORDER BY rowid DESC LIMIT %s)",
                [*params, above, size],
            )
            lowest, many = cursor.fetchone()
        if lowest is not None:
            within = _admitted(condition, f"{sql} AND rowid BETWEEN %s AND %s", [*params, lowest, above - 1])
            found += within.filter(pk__gte=lowest, pk__lt=above)[: CANDIDATES - len(found)]
        if many < size:
            break
        above, size = lowest, size * 4
    return found
