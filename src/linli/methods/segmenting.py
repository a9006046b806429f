"""Chinese texts cut into words, without the words that say nothing of the matter."""

import re
import unicodedata
from string import ascii_letters, digits

import rjieba

WORD = re.compile(r"\w")

STOP_WORDS = frozenset(
    """
    的 了 是 在 有 不 都 我 和 也 就 为 到 还 要 给 对 但 这 上 能 等 让 而 被 又 与 来 去 吗 向 并 多 将 一 会 从
    及 由 把 以 按 没 个 该 于 可 或 很 过 更 大 其 因 才 所 此 二 着 内 呢 您 们 之 且 那 谁 地 三 用 你 他 她 它
    得 看 拿 望 均 经 至 像 本 打 吧 连 如 近 出 啊 第 当 比 跟 起 各 带 叫 自 四 五 六 七 八 九 十 么 嘛 呀 哦 哪
    几 再 则 却 只 仅 即 若 虽 然 何 某 每 另 既 已经 曾 便 没有 我们 可以 不能 有关 什么 关于 就是 这样 他们 这个
    作为 不是 但是 如果 本人 为了 这些 而且 通过 多次 自己 为什么 由于 因为 还是 任何 时候 其他 开始 还有 只有 根据
    很多 怎么 如何 经过 这么 所以 必须 按照 结果 那么 同时 或者 才能 可能 并且 你们 以及 非常 为何 对于 不得 如此
    不要 个人 这里 其中 各种 难道 尽快 只是 有些 不会 多少 只要 因此 甚至 大家 起来 可是 一样 何时 哪里 那些 如下
    虽然 那个 那里 哪些 她们 它们 咱们 然后 不过 于是 另外 此外 除了 无论 不管 即使 既然 尽管 否则 一些 一直 一定
    一下 不仅 不但
    """.split()  # noqa: SIM905 -- a list of two hundred quoted words reads badly
)
"""Function words, and words that open and close any letter; chosen by hand."""

SILENT = STOP_WORDS | frozenset(ascii_letters + digits + "_ \n\t，。！？、：；（）“”《》,.!?:;()\"'-")


def segmented(text: str) -> str:
    """The words of a text with one space between; punctuation, stop words, single letters and digits are left out.

    Words are cut with rjieba (the dictionary and the hidden Markov model of jieba), after Unicode's compatibility form
    (full-width letters become ordinary ones).
    """
    plain = unicodedata.normalize("NFKC", text.replace("_x000D_", " "))
    words = [word for word in rjieba.cut(plain) if word not in SILENT and (word.isalnum() or WORD.search(word))]
    return " ".join(" ".join(words).split())


def as_segmented(text: str) -> str:
    """A text that is segmented already, with single spaces; nothing else is changed."""
    return " ".join(text.replace("_x000D_", " ").split())
