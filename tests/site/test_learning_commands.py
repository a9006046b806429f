"""The commands triage, topics and similarity: from files to files, and what is told where a file is wrong."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from openpyxl import Workbook, load_workbook

from linli.site.commands.similarity import similarity
from linli.site.commands.topics import topics
from linli.site.commands.triage import triage
from tests.methods.invented_messages import labelled_texts, period, write_csv


def run(command: Any, *arguments: object, code: int = 0) -> str:
    done = CliRunner().invoke(command, [str(each) for each in arguments])
    assert done.exit_code == code, done.output
    return done.output


def labelled(path: Path, count: int, seed: int) -> Path:
    texts, labels = labelled_texts(count, seed)
    rows = [[text[:8], text, label] for text, label in zip(texts, labels, strict=True)]
    return write_csv(path, ["title", "detail", "label"], rows)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("model")
    told = run(triage, "train", labelled(folder / "train.csv", 150, 1), "--out", folder / "model", "--folds", 3)
    assert "learnt 3 labels" in told
    assert "3-fold cross-validation, stratified: accuracy" in told
    return folder / "model"


def test_a_model_is_evaluated(model: Path, tmp_path: Path) -> None:
    file = labelled(tmp_path / "test.csv", 60, 2)
    figures = json.loads(run(triage, "evaluate", model, file, "--json"))
    assert figures["accuracy"] > 0.9
    assert {"macro_f1", "labels", "calibration_error", "confusion", "to_person"} <= set(figures)
    assert figures["texts"] + figures["repeated_rows"] == 60
    assert "macro F1" in run(triage, "evaluate", model, file)


def test_predictions_go_to_a_spreadsheet_and_doubtful_ones_to_a_person(model: Path, tmp_path: Path) -> None:
    file = write_csv(
        tmp_path / "new.csv",
        ["id", "title", "detail"],
        [["=1+1", "公交车等不到", "路口信号灯坏了，公交车等不到"], ["8", "ωψφ", "ξζ"]],
    )
    told = json.loads(run(triage, "predict", model, file, "--out", tmp_path / "out.xlsx", "--json"))
    assert (told["messages"], told["for_person"]) == (2, 1)
    heading, first, second = load_workbook(tmp_path / "out.xlsx").active.iter_rows()
    assert [cell.value for cell in heading][:3] == ["编号", "类别", "概率"]
    assert (first[0].value, first[0].data_type, first[0].quotePrefix) == ("=1+1", "s", True)
    assert (first[1].value, first[5].value, second[5].value) == ("交通", "否", "是")
    assert "公交车" in first[6].value


def test_a_wrong_file_is_told_by_row_and_nothing_is_written(model: Path, tmp_path: Path) -> None:
    bad = write_csv(tmp_path / "bad.csv", ["title", "detail", "label"], [["公交车", "", "交通"], ["，", "", "环境"]])
    assert "bad.csv:3 title, detail: holds no words" in run(triage, "train", bad, "--out", tmp_path / "m", code=1)
    assert "bad.csv:3" in run(triage, "predict", model, bad, "--out", tmp_path / "p.xlsx", code=1)
    unknown = write_csv(tmp_path / "unknown.csv", ["title", "detail", "label"], [["公交车", "", "天文"]])
    faults = json.loads(run(triage, "evaluate", model, unknown, "--json", code=1))["faults"]
    assert [(each["row"], each["column"]) for each in faults] == [(2, "label")]
    assert "cannot be read as a triage model" in run(triage, "evaluate", unknown, unknown, code=1)
    assert "at least two labels" in run(triage, "train", unknown, "--out", tmp_path / "m", code=1)
    assert "is not named .xlsx" in run(triage, "predict", model, unknown, "--out", tmp_path / "p.csv", code=2)
    assert "is not there" in run(triage, "train", unknown, "--out", tmp_path / "no" / "m", code=2)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bad.csv", "unknown.csv"]


HEADING = ["留言编号", "留言用户", "留言主题", "留言详情", "留言时间", "点赞数", "反对数"]


@pytest.fixture
def month(tmp_path: Path) -> Path:
    book = Workbook()
    book.active.append(HEADING)
    for row in period():
        book.active.append(list(row))
    book.active.append(["9999", "U", "'=cmd()", "=cmd()", datetime.fromisoformat("2026-03-05T08:00:00"), 0, 0])
    book.active.cell(book.active.max_row, 4).data_type = "s"
    book.save(tmp_path / "month.xlsx")
    return tmp_path / "month.xlsx"


def test_topics_go_to_a_spreadsheet_with_every_message(month: Path, tmp_path: Path) -> None:
    told = run(topics, month, "--out", tmp_path / "topics.xlsx")
    assert "1. 云栖新城" in told
    book = load_workbook(tmp_path / "topics.xlsx")
    assert book.sheetnames == ["热点问题", "留言", "说明"]
    hottest = [cell.value for cell in book["热点问题"][2]]
    assert (hottest[0], hottest[2], hottest[6]) == (1, "云栖新城", 20)
    assert hottest[4] == min(row[4] for row in period() if "云栖新城" in row[2]).replace(microsecond=0)
    rows = list(book["留言"].iter_rows(min_row=2))
    assert len(rows) == 67
    assert [row[0].value for row in rows[:20]] == [1] * 20
    (injected,) = [row for row in rows if row[1].value == "9999"]
    assert (injected[7].value, injected[7].data_type, injected[7].quotePrefix) == ("=cmd()", "s", True)
    assert "热度 =" in book["说明"]["A2"].value


def test_wrong_periods_are_told_and_nothing_is_written(tmp_path: Path) -> None:
    bad = write_csv(tmp_path / "bad.csv", ["id", "title", "detail", "time"], [["1", "路灯", "坏了", "昨天"]])
    assert "bad.csv:2 time: '昨天' is no time" in run(topics, bad, "--out", tmp_path / "t.xlsx", code=1)
    assert not (tmp_path / "t.xlsx").exists()


def test_near_duplicates_are_shown(month: Path) -> None:
    told = period()[0]
    found = json.loads(run(similarity, month, "--text", f"{told[2]} {told[3]}！", "--json"))
    assert (found[0]["id"], found[0]["likeness"]) == (told[0], 1.0)
    assert "none of" in run(similarity, month, "--text", "完全不相干的内容甲乙丙丁")
    assert "no letter" in run(similarity, month, "--text", "！", code=1)
