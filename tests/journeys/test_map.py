"""The map in a real browser: names that can be read, from the first moment on and nearer too."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route

from tests.world import square

pytestmark = pytest.mark.journey

SIDE = 12
NAMES = """() => [...document.querySelectorAll(".map-name")]
  .filter((each) => getComputedStyle(each).visibility === "visible")
  .map((each) => [each.textContent, each.getBoundingClientRect()])
  .map(([name, box]) => [name, box.left, box.top, box.right, box.bottom])"""


@pytest.fixture(scope="module")
def browser(chromium: Callable[..., Browser]) -> Iterator[Browser]:
    """One that draws maps without a graphics card."""
    launched = chromium("--use-angle=swiftshader", "--enable-unsafe-swiftshader")
    yield launched
    launched.close()


def crowded() -> dict[str, Any]:
    """Many small areas with long names, and, last of all, a large one below them."""
    step = 0.4 / SIDE
    fields = [(118 + column * step, 32.1 + row * step) for row in range(SIDE) for column in range(SIDE)]
    drawn = {f"第{number}居民委员会": square(w, s, w + step, s + step) for number, (w, s) in enumerate(fields)}
    drawn["大片农场"] = square(118.0, 31.8, 118.4, 32.1)
    return {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "properties": {"name": name}, "geometry": outline} for name, outline in drawn.items()
        ],
    }


def overlapping(page: Page) -> list[tuple[str, str]]:
    boxes = page.evaluate(NAMES)
    return [
        (one[0], other[0])
        for at, one in enumerate(boxes)
        for other in boxes[:at]
        if one[1] < other[3] and one[3] > other[1] and one[2] < other[4] and one[4] > other[2]
    ]


def shown(page: Page) -> set[str]:
    return {name for name, *_ in page.evaluate(NAMES)}


@pytest.mark.parametrize("phone", [True, False], ids=["phone", "desk"])
def test_names_cover_one_another_neither_at_first_nor_nearer(
    visit: Callable[..., Page], served: Any, *, phone: bool
) -> None:
    def answer(route: Route) -> None:
        route.fulfill(content_type="application/geo+json", body=json.dumps(crowded()))

    page = visit(phone=phone)
    page.route("**/territory/outlines/*.geojson", answer)
    page.goto("/file/")
    page.get_by_label("您要反映什么事").fill("小区门口路灯坏了三天，晚上看不见路。")
    page.get_by_role("button", name="下一步").click()
    page.wait_for_selector("[data-map][data-drawn=yes]")
    first = shown(page)
    assert "大片农场" in first, "the largest area goes first"
    assert 1 < len(first) < SIDE * SIDE
    assert overlapping(page) == []
    for _ in range(3):
        page.get_by_role("button", name="Zoom in").click()
        page.wait_for_timeout(700)
        assert overlapping(page) == []
    assert len(shown(page)) > len(first)
