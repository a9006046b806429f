"""A real browser against a live server, with nothing from outside and a database that can be emptied."""

import os
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from linli.ground.look.assets import VENDOR
from tests.emptying import record_that_can_be_emptied
from tests.world import World

PATIENCE = 10_000  # milliseconds, on a busy machine too
expect.set_options(timeout=PATIENCE)
PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
# No name but this one is found, so that nothing comes from outside.
ONLY_LOOPBACK = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1"


@pytest.fixture(scope="session", autouse=True)
def _database_between_clicks() -> Iterator[None]:
    """The browser's own loop runs in this thread; the tests read and write the database between two clicks."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield


@pytest.fixture(scope="session", autouse=True)
def _record_can_be_emptied() -> Iterator[None]:
    with record_that_can_be_emptied():
        yield


@pytest.fixture(scope="session", autouse=True)
def _static_folder() -> None:
    """WhiteNoise warns where it is not."""
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Callable[..., Browser]]:
    """Starts the browser with further switches; it ends with the session."""
    with sync_playwright() as playwright:
        yield lambda *switches: playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"),
            args=["--no-sandbox", "--disable-background-networking", ONLY_LOOPBACK, *switches],
        )


@pytest.fixture(scope="session")
def browser(chromium: Callable[..., Browser]) -> Iterator[Browser]:
    launched = chromium("--disable-gpu")
    yield launched
    launched.close()


@pytest.fixture
def served(transactional_db: None, live_server: Any) -> Any:
    import_module(settings.ROOT_URLCONF)  # before anybody is served, as the entry point of the server does
    world = World()
    settings.LINLI_CLOCK.set(world.now)
    live_server.world = world
    return live_server


@pytest.fixture
def visit(browser: Browser, served: Any) -> Iterator[Callable[..., Page]]:
    """Open a fresh browser window: `visit(phone=True, elder=False, scripts=True)`."""
    opened: list[BrowserContext] = []

    def fresh(*, phone: bool = True, elder: bool = False, scripts: bool = True) -> Page:
        context = browser.new_context(
            base_url=served.url,
            viewport=PHONE if phone else DESKTOP,  # type: ignore[arg-type]
            has_touch=phone,
            java_script_enabled=scripts,
            locale="zh-CN",
        )
        if elder:
            context.add_cookies([{"name": "linli_elder", "value": "1", "url": served.url}])
        opened.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        return page

    yield fresh
    for context in opened:
        context.close()


@pytest.fixture
def violations() -> Callable[[Page], list[str]]:
    """What axe finds serious or critical on the open page."""
    axe = (VENDOR / "axe.min.js").read_text()

    def found(page: Page) -> list[str]:
        if not page.evaluate("'axe' in window"):
            page.evaluate(axe)
        result = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        return [
            f"{page.url} {each['id']}: {[node['html'][:160] for node in each['nodes']]}"
            for each in result["violations"]
            if each["impact"] in {"serious", "critical"}
        ]

    return found


@pytest.fixture
def look_at(shoot: Callable[[Page, str], None], violations: Callable[[Page], list[str]]) -> Callable[..., list[str]]:
    """What is wrong with the open page, in the print it came in and in the other one, which is a class of the page."""

    def found(page: Page, name: str) -> list[str]:
        wrong: list[str] = []
        for _ in range(2):
            large = page.evaluate("document.documentElement.classList.toggle('elder')")
            shoot(page, f"{name}-elder" if large else name)
            wrong += violations(page)
            if not page.evaluate("document.documentElement.scrollWidth <= innerWidth"):
                wrong.append(f"{name} is wider than the window in {'large' if large else 'small'} print")
        return wrong

    return found


@pytest.fixture
def shoot() -> Callable[[Page, str], None]:
    """Keep a picture of the page where `LINLI_SCREENSHOTS` names a folder."""

    def kept(page: Page, name: str) -> None:
        folder = os.environ.get("LINLI_SCREENSHOTS", "")
        if folder:
            page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)

    return kept
