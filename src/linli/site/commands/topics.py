"""Commands: the hot topics of a period."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from linli.ground.look.spreadsheets import write_sheets
from linli.methods.topics.finding import LEAST_MESSAGES, HotTopic, hot_topics
from linli.methods.topics.reading import PeriodMessage, read_period
from linli.site.commands.refusing import NewFile, read_or_stop, write_whole
from linli.site.commands.reporting import report, with_json

SHOWN_TOPICS = 10

TOPIC_COLUMNS = {
    "number": "热点编号",
    "name": "热点问题",
    "place": "地点",
    "place_share": "提及该地点的比例",
    "first": "首次留言",
    "last": "最近留言",
    "size": "留言数",
    "voices": "留言人数",
    "support": "净赞成数",
    "closeness": "集中程度",
    "heat": "热度",
}
MESSAGE_COLUMNS = {
    "topic": "热点编号",
    "id": "留言编号",
    "user": "留言用户",
    "title": "留言主题",
    "at": "留言时间",
    "in_favour": "赞成数",
    "against": "反对数",
    "detail": "留言详情",
}
FORMULA = "热度 = (留言人数 + log₂(1 + 净赞成数)) × (1 + 30 ÷ (30 + 首末相隔天数)) × 集中程度"


def register(group: click.Group) -> None:
    """Add the commands of this file."""
    group.add_command(topics)


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--out", type=NewFile(".xlsx"), required=True, help="Spreadsheet with the topics and their messages.")
@click.option("--least", type=click.IntRange(2), default=LEAST_MESSAGES, show_default=True, help="Messages of a topic.")
@with_json
def topics(*, file: Path, out: Path, least: int, as_json: bool) -> None:
    """Group the messages in FILE (xlsx, csv: id, user, title, time, detail, against, in favour) by matter.

    heat = (voices + log2(1 + support)) x (1 + 30 / (30 + days)) x closeness: more people, more support, a shorter time
    and more likeness make a topic hotter; docs/methods/topics.md.
    """
    messages = read_or_stop(lambda: read_period(file), as_json=as_json)
    found = hot_topics(messages, least=least)
    sheets: dict[str, Any] = {
        "热点问题": (map(_topic_row, found), TOPIC_COLUMNS),
        "留言": (_message_rows(messages, found), MESSAGE_COLUMNS),
        "说明": ([{"formula": FORMULA}], {"formula": "热度的计算"}),
    }
    write_whole(out, lambda target: write_sheets(target, sheets))
    content = {
        "file": str(out),
        "messages": len(messages),
        "in_topics": sum(len(each.messages) for each in found),
        "topics": [_topic_row(each) for each in found],
    }
    report(content, as_json=as_json, lines=lambda: _lines(out, messages, found))


def _topic_row(topic: HotTopic) -> dict[str, Any]:
    return {
        "number": topic.number,
        "name": topic.name,
        "place": topic.place,
        "place_share": round(topic.place_share, 3),
        "first": topic.first,
        "last": topic.last,
        "size": len(topic.messages),
        "voices": topic.voices,
        "support": topic.support,
        "closeness": round(topic.closeness, 3),
        "heat": round(topic.heat, 2),
    }


def _message_rows(messages: Sequence[PeriodMessage], found: Sequence[HotTopic]) -> Iterator[dict[str, Any]]:
    """Messages of topics by topic and time, then those of none."""
    topic_of = {place: topic.number for topic in found for place in topic.messages}
    last = len(found) + 1
    for place in sorted(range(len(messages)), key=lambda each: (topic_of.get(each, last), messages[each].at, each)):
        message = messages[place]
        yield {
            "topic": topic_of.get(place),
            "id": message.number,
            "user": message.user,
            "title": message.title,
            "at": message.at,
            "in_favour": message.in_favour,
            "against": message.against,
            "detail": message.detail,
        }


def _lines(out: Path, messages: Sequence[PeriodMessage], found: Sequence[HotTopic]) -> list[str]:
    inside = sum(len(each.messages) for each in found)
    shown = [
        f"{each.number}. {each.name}: {len(each.messages)} messages by {each.voices}, support {each.support}, "
        f"{each.first:%Y-%m-%d} to {each.last:%Y-%m-%d}, heat {each.heat:.1f}"
        for each in found[:SHOWN_TOPICS]
    ]
    return [f"{out}: {len(found)} topics with {inside} of {len(messages)} messages", *shown]
