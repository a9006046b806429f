"""Finding and masking personal details, on written cases and on two sets of fictional messages.

The tuning set is the one the finder was shaped on. The measuring set was written apart from it and only
measures: it tells what to expect of messages nobody has seen.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import TypedDict

import pytest

from linli.kernel.personal import Finding, Kind, find_personal, mask

HERE = Path(__file__).parent


class Case(TypedDict):
    """A message and the personal details planted in it."""

    text: str
    spans: list[tuple[int, int, str]]


def read_cases(name: str) -> list[Case]:
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def score(cases: Iterable[Case]) -> tuple[float, float]:
    """Recall: planted spans wholly covered by findings. Precision: findings that touch a planted span."""
    planted = covered = found = right = 0
    for case in cases:
        findings = find_personal(case["text"])
        marked = {position for finding in findings for position in range(finding.start, finding.end)}
        spans = [(start, end) for start, end, *_ in case["spans"]]
        planted += len(spans)
        covered += sum(marked.issuperset(range(start, end)) for start, end in spans)
        found += len(findings)
        right += sum(any(finding.start < end and start < finding.end for start, end in spans) for finding in findings)
    return covered / max(planted, 1), right / max(found, 1)


def found_in(text: str) -> list[tuple[str, Kind]]:
    return [(text[finding.start : finding.end], finding.kind) for finding in find_personal(text)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("我叫王建国，请回电", "王建国"),
        ("联系人:李小红", "李小红"),
        ("居民赵某某来电", "赵某某"),
        ("业主陈桂芳反映漏水", "陈桂芳"),
        ("社区干部刘强推诿", "刘强"),
        ("楼上的王阿姨每天敲东西", "王阿姨"),
        ("老李养了五条狗", "老李"),
        ("欧阳女士您好", "欧阳女士"),
        ("李某平反映的情况属实", "李某平"),
    ],
)
def test_finds_names(text: str, name: str) -> None:
    assert found_in(text) == [(name, Kind.NAME)]


def test_finds_joined_names() -> None:
    assert found_in("张三和李四为车位争吵") == [("张三", Kind.NAME), ("李四", Kind.NAME)]


@pytest.mark.parametrize(
    ("detail", "kind"),
    [
        ("13812345678", Kind.PHONE),
        ("138 1234-5678", Kind.PHONE),
        ("１３８１２３４５６７８", Kind.PHONE),
        ("一三八零零一二三四五六", Kind.PHONE),
        ("+86 138.1234.5678", Kind.PHONE),
        ("025-84561234", Kind.PHONE),
        ("320199 19800101 123X", Kind.RESIDENT_NUMBER),
        ("6222 0212 3456 7890", Kind.BANK_CARD),
        ("苏A·12345", Kind.PLATE),
        ("苏A D12345", Kind.PLATE),
        ("苏 A 8K9Q2", Kind.PLATE),
        ("lao.zhang@example.com", Kind.EMAIL),
        ("3栋2单元501室", Kind.ADDRESS),
        ("12号楼1103", Kind.ADDRESS),
        ("中山南路218号", Kind.ADDRESS),
        ("三巷7号-2", Kind.ADDRESS),
        ("8-2-601", Kind.ADDRESS),
        ("B座1502", Kind.ADDRESS),
        ("翠竹里12号401", Kind.ADDRESS),
        ("十二号楼三单元", Kind.ADDRESS),
    ],
)
def test_finds_numbers_and_dwellings(detail: str, kind: Kind) -> None:
    assert found_in(f"请记下：{detail}，谢谢") == [(detail, kind)]


@pytest.mark.parametrize("text", ["QQ：12345678", "微信号是12345678", "加我vx 12345678"])
def test_finds_accounts(text: str) -> None:
    assert found_in(text) == [("12345678", Kind.ACCOUNT)]


@pytest.mark.parametrize(
    "text",
    [
        "夫子庙街道和朝天宫社区的路灯都坏了，中华门地铁站也是",
        "打12345热线没人接，33路公交车也不来，第12条写得清楚",
        "孩子高兴，出行方便，周围安全，于是马上解决",
        "万科、恒大、苏宁门口都堵，张家口的车也来",
        "社区主任和物业经理都说要等施工单位",
        "2023年5月6日缴费1200元，工单编号20230506001234",
        "3栋楼下的绿化带没人管",
    ],
)
def test_leaves_ordinary_text(text: str) -> None:
    assert found_in(text) == []


def test_stretches_a_dwelling_over_its_street_but_not_over_a_name() -> None:
    assert found_in("王建国住中山南路218号3栋501室") == [
        ("王建国", Kind.NAME),
        ("中山南路218号3栋501室", Kind.ADDRESS),
    ]


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("我叫王建国，电话13812345678", "我叫王某，电话〔电话〕"),
        ("王阿姨和欧阳女士", "王某和欧阳某"),
        ("王主任没有回电", "王某主任没有回电"),
        ("住中山南路218号3栋501室", "住中山南路※号※栋※室"),
        ("身份证320199198001011234", "身份证〔证件号〕"),
        ("卡号6222 0212 3456 7890", "卡号〔卡号〕"),
        ("车牌苏A·12345", "车牌〔车牌〕"),
        ("邮箱lao.zhang@example.com", "邮箱〔邮箱〕"),
        ("QQ：12345678", "QQ：〔账号〕"),
    ],
)
def test_masks(text: str, masked: str) -> None:
    assert mask(text, find_personal(text)) == masked


def test_mask_takes_findings_in_any_order_but_not_overlapping() -> None:
    text = "张三和李四"
    findings = [Finding(3, 5, Kind.NAME), Finding(0, 2, Kind.NAME)]
    assert mask(text, findings) == "张某和李某"
    with pytest.raises(ValueError, match="overlap"):
        mask(text, [Finding(0, 2, Kind.NAME), Finding(1, 3, Kind.NAME)])


def test_findings_are_sorted_and_apart_and_masks_hide_them() -> None:
    for case in read_cases("personal_tuning.jsonl"):
        text = case["text"]
        findings = find_personal(text)
        assert list(findings) == sorted(findings)
        assert all(left.end <= right.start for left, right in pairwise(findings))
        masked = mask(text, findings)
        for finding in findings:
            if finding.kind not in (Kind.NAME, Kind.ADDRESS):
                assert text[finding.start : finding.end] not in masked
        left = [each for each in find_personal(masked) if each.kind not in (Kind.NAME, Kind.ADDRESS)]
        assert left == [], "what is masked is not found again"


@pytest.mark.parametrize("text", ["", " ", "王", "老", "姓", "号", "1", "某", "😀王建国😀", "\ufeff\x00李"])
def test_survives_fragments(text: str) -> None:
    assert mask(text, find_personal(text)) is not None


def test_tuning_set() -> None:
    cases = read_cases("personal_tuning.jsonl")
    assert len(cases) >= 250
    assert sum(not case["spans"] for case in cases) >= 80
    recall, precision = score(cases)
    assert recall >= 0.97
    assert precision >= 0.9


def test_measuring_set() -> None:
    recall, precision = score(read_cases("personal_measuring.jsonl"))
    assert recall >= 0.95, f"recall {recall:.3f}, precision {precision:.3f}"
    assert precision >= 0.8, f"recall {recall:.3f}, precision {precision:.3f}"


def test_speed() -> None:
    joined = "".join(case["text"] for case in read_cases("personal_tuning.jsonl"))
    texts = [joined[at : at + 500] for at in range(0, len(joined) - 500, 100)]
    find_personal(joined[:500])
    started = time.process_time()
    for text in texts:
        find_personal(text)
    # A quarter of the speed promised, so that a busy machine does not fail the test.
    assert len(texts) / (time.process_time() - started) >= 50
