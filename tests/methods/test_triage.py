"""Triage: features, model, probabilities, figures, files; on invented messages."""

import io
import json
import pickle
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import confusion_matrix, f1_score

from linli.methods.segmenting import STOP_WORDS, segmented
from linli.methods.tables import UnreadableInput
from linli.methods.triage.evaluation import calibration_error, cross_validated, figures_of
from linli.methods.triage.features import Features
from linli.methods.triage.learning import NotEnoughTexts, train
from linli.methods.triage.lookup import KeyTable
from linli.methods.triage.model import Model, probabilities_of
from linli.methods.triage.reading import read_messages, unique_rows, without_contradictions
from linli.methods.triage.storing import UnusableModel, load_model, save_model
from tests.methods.invented_messages import labelled_texts, write_csv


@pytest.fixture(scope="module")
def model() -> Model:
    texts, labels = labelled_texts(240)
    return train([segmented(text) for text in texts], labels, {"texts": 240})


def test_what_was_learnt_is_told_of_new_texts(model: Model) -> None:
    texts, labels = labelled_texts(90, seed=2)
    said = model.predict([segmented(text) for text in texts])
    assert sum(each.label == label for each, label in zip(said, labels, strict=True)) >= 88
    assert all(0 <= each.second_probability <= each.probability <= 1 for each in said)
    assert all(each.label != each.second for each in said)


def test_a_text_that_says_nothing_goes_to_a_person(model: Model) -> None:
    (said,) = model.predict([segmented("ωψφ ξζ")])
    assert said.for_person(0.6)
    assert said.probability < 0.6


def test_a_prediction_names_its_words(model: Model) -> None:
    text = segmented("望月小区幼儿园学位不够，孩子入学要排队")
    (said,) = model.predict([text])
    ((*told,),) = model.spoken([text], [said.label])
    assert said.label == "教育"
    assert any(word in name for name, _ in told for word in ("幼儿园", "学位", "入学", "孩子"))
    assert [part for _, part in told] == sorted((part for _, part in told), reverse=True)
    assert all(part > 0 for _, part in told)


def test_the_same_texts_give_the_same_file_and_the_file_the_same_model(model: Model, tmp_path: Path) -> None:
    texts, labels = labelled_texts(240)
    again = train([segmented(text) for text in texts], labels, {"texts": 240})
    save_model(model, tmp_path / "one")
    save_model(again, tmp_path / "other")
    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()
    loaded = load_model(tmp_path / "one")
    asked = [segmented(text) for text in labelled_texts(30, seed=3)[0]]
    assert np.array_equal(loaded.probabilities(asked), model.probabilities(asked))
    assert loaded.card == {"texts": 240}


class Runs:
    """What a malicious file would carry."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return (print, ("the file has run code",))


def changed(path: Path, part: str, content: bytes | None) -> Path:
    """The model file with one part replaced, or left out."""
    new = path.with_name("changed")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(new, "w") as target:
        for name in old.namelist():
            if name != part:
                target.writestr(name, old.read(name))
        if content is not None:
            target.writestr(part, content)
    return new


def as_array(values: object, *, pickled: bool = False) -> bytes:
    packed = io.BytesIO()
    np.save(packed, np.array(values, dtype=object if pickled else None), allow_pickle=pickled)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("part", "content", "told"),
    [
        ("weights.npy", as_array([Runs()], pickled=True), "cannot be read"),
        ("weights.npy", None, "weights.npy is missing"),
        ("weights.npy", as_array(np.zeros((2, 2), np.float32)), "do not fit"),
        ("weights.npy", as_array([1, 2]), "not <f4"),
        ("weights.npy", b"", "cannot be read"),
        ("words.json", b'["one"]', "names words that are not there"),
        ("words.json", b"{}", "no list of texts"),
        ("card.json", b"{}", "no triage model"),
        ("card.json", b'{"format": "linli-triage", "version": 99}', "version 99"),
        ("card.json", pickle.dumps(Runs()), "cannot be read"),
        ("card.json", None, "card.json is missing"),
    ],
)
def test_a_damaged_model_is_refused_and_runs_nothing(
    model: Model, tmp_path: Path, part: str, content: bytes | None, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    save_model(model, tmp_path / "model")
    with pytest.raises(UnusableModel, match=told):
        load_model(changed(tmp_path / "model", part, content))
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("factor", [0, -1, float("nan"), float("inf")])
def test_a_model_with_an_impossible_factor_is_refused(model: Model, tmp_path: Path, factor: float) -> None:
    save_model(replace(model, factor=factor), tmp_path / "model")
    with pytest.raises(UnusableModel, match="not usable"):
        load_model(tmp_path / "model")


@given(st.binary(max_size=200))
def test_any_bytes_are_no_model(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.mktemp("bytes") / "model"
    path.write_bytes(content)
    with pytest.raises(UnusableModel):
        load_model(path)


def test_too_little_to_learn_from_is_told() -> None:
    with pytest.raises(NotEnoughTexts, match="at least two labels"):
        train(["甲 乙", "甲 丙"], ["一", "一"])
    with pytest.raises(NotEnoughTexts, match=r"too few of 二"):
        train(["甲 乙", "甲 丙", "丁"], ["一", "一", "二"])
    with pytest.raises(NotEnoughTexts, match="no word"):
        train(["甲", "乙", "丙", "丁"], ["一", "一", "二", "二"])
    with pytest.raises(ValueError, match="2 texts and 1 labels"):
        train(["甲", "乙"], ["一"])


def test_two_labels_suffice() -> None:
    texts = ["道路 坑洼", "道路 积水", "学校 食堂", "学校 操场"] * 3
    model = train(texts, ["路", "路", "学", "学"] * 3)
    assert [each.label for each in model.predict(["道路 破损", "学校 围墙"])] == ["路", "学"]


texts_of_words = st.lists(st.text("甲乙丙丁 abA1😀", max_size=12), min_size=1, max_size=8)


@given(texts_of_words, texts_of_words)
def test_vectors_have_rows_of_known_length_and_need_no_neighbours(learnt: list[str], asked: list[str]) -> None:
    """What a text's vector is does not depend on the texts beside it."""
    features = Features.learnt_from(learnt)
    together = features.vectors(asked)
    assert together.shape == (len(asked), features.width)
    for place, text in enumerate(asked):
        assert np.array_equal(features.vectors([text]).toarray(), together[[place]].toarray())
    assert np.isfinite(together.data).all()
    assert (together.data > 0).all()
    assert len(features.names(list(range(features.width)))) == features.width


def test_features_count_what_a_reader_would_count() -> None:
    features = Features.learnt_from(["道路 坑洼", "道路 坑洼", "孤例"])
    names = features.names(list(range(features.width)))
    assert {"道路", "坑洼", "道路 坑洼", "^道路 坑洼", "〔道路〕", "〔_道〕", "〔路_坑〕", "^〔路坑洼〕"} - set(
        names
    ) == {"〔路_坑〕"}
    assert not any("孤" in name for name in names)


@given(st.sets(st.integers(0, 2**64 - 1), max_size=60), st.lists(st.integers(0, 2**64 - 1), max_size=30))
def test_the_table_finds_every_key_and_no_other(known: set[int], others: list[int]) -> None:
    keys = np.array(sorted(known), dtype=np.uint64)
    asked = np.array([*known, *others], dtype=np.uint64)
    places = KeyTable(keys).places(asked)
    for key, place in zip(asked.tolist(), places.tolist(), strict=True):
        assert (int(keys[place]) == key) if key in known else place == -1


@given(st.integers(2, 5), st.integers(1, 40), st.integers(0, 2**32 - 1))
def test_figures_agree_with_an_independent_count(labels: int, texts: int, seed: int) -> None:
    draw = np.random.default_rng(seed)
    names = [f"label {place}" for place in range(labels)]
    probabilities = draw.dirichlet(np.ones(labels), texts)
    truth = [names[place] for place in draw.integers(0, labels, texts)]
    figures = figures_of(names, truth, probabilities, 0.6)
    said = [names[place] for place in probabilities.argmax(axis=1)]
    table = confusion_matrix(truth, said, labels=names)
    assert [list(row.values()) for row in figures.confusion.values()] == table.tolist()
    assert figures.accuracy == pytest.approx(np.trace(table) / texts)
    assert figures.macro_f1 == pytest.approx(f1_score(truth, said, average="macro", zero_division=0))
    assert 0 <= figures.calibration_error <= 1
    assert figures.to_person == pytest.approx(np.mean(probabilities.max(axis=1) < 0.6))


def test_the_calibration_error_of_known_cases() -> None:
    assert calibration_error(np.array([0.7] * 10), np.array([True] * 7 + [False] * 3)) == pytest.approx(0)
    assert calibration_error(np.array([1.0] * 4), np.array([True, True, False, False])) == pytest.approx(0.5)
    assert calibration_error(np.zeros(0), np.zeros(0, dtype=bool)) == 0


def test_figures_refuse_what_has_no_figure() -> None:
    with pytest.raises(ValueError, match="no text"):
        figures_of(["a", "b"], [], np.zeros((0, 2)), 0.6)
    with pytest.raises(ValueError, match="does not know c"):
        figures_of(["a", "b"], ["c"], np.full((1, 2), 0.5), 0.6)


@given(st.lists(st.floats(-50, 50), min_size=2, max_size=6), st.floats(0.01, 50))
def test_probabilities_sum_to_one_and_keep_the_order(scores: list[float], factor: float) -> None:
    (row,) = probabilities_of(np.array([scores]), factor)
    assert row.sum() == pytest.approx(1)
    assert row[int(np.argmax(scores))] == row.max()


def test_cross_validation_asks_of_every_text_once() -> None:
    texts, labels = labelled_texts(120, seed=5)
    figures = cross_validated([segmented(text) for text in texts], labels, parts=3)
    assert figures.texts == 120
    assert sum(each.texts for each in figures.labels.values()) == 120
    assert figures.accuracy > 0.9
    with pytest.raises(NotEnoughTexts, match="at least 5 texts"):
        cross_validated(["甲 乙"] * 8, ["一"] * 4 + ["二"] * 4)


def test_words_are_cut_and_stop_words_left_out() -> None:
    assert segmented("我们小区的路灯坏了！ＡＢＣ x 7 _x000D_\n") == "小区 路灯 坏 ABC"
    assert not STOP_WORDS & set(segmented("因为这个路口没有信号灯，所以我们很不安全").split())


def test_files_of_both_shapes(tmp_path: Path) -> None:
    raw = write_csv(tmp_path / "raw.csv", ["title", "detail", "label"], [["路灯坏了", "三天没有修", "交通"]])
    cut = write_csv(tmp_path / "cut.csv", ["text", "label"], [["路灯  坏 \u3000三天", "交通"]])
    assert read_messages(raw, labelled=True).texts == ("路灯 坏 三天 修",)
    read = read_messages(cut, labelled=True)
    assert (read.texts, read.labels, read.rows, read.numbers) == (("路灯 坏 三天",), ("交通",), (2,), ("2",))
    assert read_messages(cut, labelled=False).labels == ()


@pytest.mark.parametrize(
    ("heading", "rows", "told"),
    [
        (["title", "label"], [["a", "b"]], ["detail: this column is missing"]),
        (["text"], [["a"]], ["label: this column is missing"]),
        (
            ["text", "label"],
            [["甲", "一"], ["，。", ""], ["丙", "九"]],
            ["bad.csv:3 label: is empty", "bad.csv:4 label: '九'"],
        ),
        (["title", "detail", "label"], [["，", "！", "一"]], ["bad.csv:2 title, detail: holds no words"]),
        (["text", "label"], [], ["no message"]),
        (["text", "text", "label"], [["a", "b", "c"]], ["text: stands twice"]),
    ],
)
def test_what_is_wrong_in_a_file_is_told_by_row_and_column(
    tmp_path: Path, heading: list[str], rows: list[list[str]], told: list[str]
) -> None:
    path = write_csv(tmp_path / "bad.csv", heading, rows)
    with pytest.raises(UnreadableInput) as refused:
        read_messages(path, labelled=True, known={"一"})
    for each in told:
        assert each in str(refused.value)


@pytest.mark.parametrize(
    ("name", "content"), [("a.xlsx", b"no zip"), ("a.csv.gz", b"no gzip"), ("a.csv", b""), ("a.txt", b"text,label")]
)
def test_a_file_that_is_none_is_told(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UnreadableInput, match=name):
        read_messages(tmp_path / name, labelled=True)


def test_a_text_with_two_labels_teaches_nothing_and_a_repeated_row_counts_once(tmp_path: Path) -> None:
    rows = [["甲 乙", "一"], ["甲 乙", "一"], ["丙", "一"], ["丙", "二"]]
    read = read_messages(write_csv(tmp_path / "a.csv", ["text", "label"], rows), labelled=True)
    assert unique_rows([read]) == (["甲 乙", "丙", "丙"], ["一", "一", "二"])
    assert without_contradictions([read]) == (["甲 乙"], ["一"], ["a.csv:4", "a.csv:5"])


def test_a_card_is_plain_data(model: Model, tmp_path: Path) -> None:
    save_model(model, tmp_path / "model")
    with zipfile.ZipFile(tmp_path / "model") as archive:
        card = json.loads(archive.read("card.json"))
        assert all(name.endswith((".json", ".npy")) for name in archive.namelist())
    assert card["labels"] == sorted(model.labels)
    assert card["card"] == {"texts": 240}
