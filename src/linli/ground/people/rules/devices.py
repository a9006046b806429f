"""Which browser on which machine, as far as it says so itself: enough for its owner to recognize it."""

# In this order: most browsers also claim to be those that stand further down.
BROWSERS = (
    ("MicroMessenger", "wechat"),
    ("QQBrowser", "qq"),
    ("UCBrowser", "uc"),
    ("HuaweiBrowser", "huawei"),
    ("MiuiBrowser", "xiaomi"),
    ("Edg", "edge"),
    ("OPR/", "opera"),
    ("Firefox", "firefox"),
    ("FxiOS", "firefox"),
    ("Chrome", "chrome"),
    ("CriOS", "chrome"),
    ("Safari", "safari"),
)
SYSTEMS = (
    ("HarmonyOS", "harmony"),
    ("OpenHarmony", "harmony"),
    ("iPhone", "iphone"),
    ("iPad", "ipad"),
    ("Android", "android"),
    ("Windows", "windows"),
    ("Macintosh", "mac"),
    ("Linux", "linux"),
)


def device_code(user_agent: str) -> str:
    """Browser and system as codes, "chrome windows"; either is a dash where it is not known."""
    return f"{_first(user_agent, BROWSERS)} {_first(user_agent, SYSTEMS)}"


def _first(text: str, marks: tuple[tuple[str, str], ...]) -> str:
    return next((code for mark, code in marks if mark in text), "-")
