"""A model in one file that holds numbers and words, and nothing that runs.

The file is a zip archive: `card.json` (labels, shape, model card), `words.json` and one array in numpy's own format per
view and weight. Loading never unpickles; every size and type is checked first.
"""

import json
import zipfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np

from linli.methods.triage.features import SHARES, Features, View
from linli.methods.triage.model import Model

FORMAT, VERSION = "linli-triage", 1
LARGEST_PART = 1024 * 1024 * 1024
"""Bytes of one part after unpacking."""

FIXED_TIME = (1980, 1, 1, 0, 0, 0)
TYPES = {"keys": "<u8", "rarity": "<f4"}


class UnusableModel(ValueError):
    """The file is no model of this program, or it is damaged."""


def save_model(model: Model, path: Path) -> None:
    """Write a model to a file; the same model gives the same bytes. A file that is there is replaced whole."""
    unfinished = path.with_name(path.name + ".unfinished")
    unfinished.write_bytes(packed_model(model))
    unfinished.replace(path)


def load_model(path: Path) -> Model:
    """Read a model.

    Raises:
        UnusableModel: as `unpacked_model`, or the file cannot be read.
    """
    try:
        return unpacked_model(path.read_bytes(), path.name)
    except OSError as error:
        raise UnusableModel(f"{path.name}: cannot be read as a triage model: {error}") from error


def packed_model(model: Model) -> bytes:
    """A model as the bytes of its file; the same model gives the same bytes."""
    card = {
        "format": FORMAT,
        "version": VERSION,
        "labels": model.labels,
        "factor": model.factor,
        "features": {name: len(view.keys) for name, view in model.features.views.items()},
        "card": dict(model.card),
    }
    parts: dict[str, bytes] = {
        "card.json": json.dumps(card, ensure_ascii=False, indent=1).encode(),
        "words.json": json.dumps(model.features.words, ensure_ascii=False).encode("utf-8", "surrogatepass"),
        "weights.npy": _packed(model.weights),
        "offsets.npy": _packed(model.offsets),
    }
    for name, view in model.features.views.items():
        parts[_part(name, "keys")], parts[_part(name, "rarity")] = _packed(view.keys), _packed(view.rarity)
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, part in parts.items():
            archive.writestr(zipfile.ZipInfo(name, FIXED_TIME), part, zipfile.ZIP_DEFLATED)
    return content.getvalue()


def unpacked_model(content: bytes, name: str) -> Model:
    """A model from the bytes of its file.

    Args:
        name: what errors call it.

    Raises:
        UnusableModel: no zip archive, another format or version, a part missing, damaged, too large or of the wrong
            shape.
    """
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return _model(archive, _card(archive))
    except UnusableModel as error:
        raise UnusableModel(f"{name}: {error}") from error
    except (zipfile.BadZipFile, OSError, EOFError, KeyError, TypeError, ValueError, RuntimeError) as error:
        raise UnusableModel(f"{name}: cannot be read as a triage model: {error}") from error


def _card(archive: zipfile.ZipFile) -> dict[str, Any]:
    card = json.loads(_content(archive, "card.json"))
    if not isinstance(card, dict) or card.get("format") != FORMAT:
        raise UnusableModel("this is no triage model")
    if card.get("version") != VERSION:
        raise UnusableModel(f"version {card.get('version')} of the format; this program reads {VERSION}")
    return card


def _model(archive: zipfile.ZipFile, card: Mapping[str, Any]) -> Model:
    words = json.loads(_content(archive, "words.json"))
    labels = card["labels"]
    for name, texts in (("words.json", words), ("labels", labels)):
        if not isinstance(texts, list) or not all(isinstance(each, str) for each in texts):
            raise UnusableModel(f"{name} is no list of texts")
    views = {}
    for name in SHARES:
        keys, rarity = (_array(archive, _part(name, kind), of_type) for kind, of_type in TYPES.items())
        if keys.ndim != 1 or keys.shape != rarity.shape:
            raise UnusableModel(f"the view {name} has {keys.shape} keys and {rarity.shape} values")
        if name.endswith("words") and len(keys) and int((keys & np.uint64(0xFFFFFFFF)).max()) > len(words):
            raise UnusableModel(f"the view {name} names words that are not there")
        views[name] = View(keys, rarity)
    features = Features(tuple(words), views)
    weights, offsets = _array(archive, "weights.npy", "<f4"), _array(archive, "offsets.npy", "<f4")
    if weights.shape != (features.width, len(labels)) or offsets.shape != (len(labels),):
        raise UnusableModel(
            f"weights of shape {weights.shape} do not fit {features.width} features, {len(labels)} labels"
        )
    factor = float(card["factor"])
    if len(labels) < 2 or not np.isfinite(weights).all() or not np.isfinite(offsets).all() or not 0 < factor < np.inf:
        raise UnusableModel("labels, weights or factor are not usable")
    return Model(tuple(labels), features, weights, offsets, factor, dict(card.get("card") or {}))


def _part(view: str, kind: str) -> str:
    return f"{view.replace(' ', '-')}.{kind}.npy"


def _packed(values: Any) -> bytes:
    content = BytesIO()
    np.lib.format.write_array(content, np.ascontiguousarray(values), allow_pickle=False)
    return content.getvalue()


def _content(archive: zipfile.ZipFile, name: str) -> bytes:
    try:
        size = archive.getinfo(name).file_size
    except KeyError:
        raise UnusableModel(f"the part {name} is missing") from None
    if size > LARGEST_PART:
        raise UnusableModel(f"the part {name} would take {size} bytes")
    return archive.read(name)


def _array(archive: zipfile.ZipFile, name: str, of_type: str) -> Any:
    values = np.lib.format.read_array(BytesIO(_content(archive, name)), allow_pickle=False)
    if values.dtype != np.dtype(of_type):
        raise UnusableModel(f"the part {name} holds {values.dtype}, not {of_type}")
    return values
