"""What a reply to a resident still lacks: advice for its author before it is signed, never a gate.

Five questions are asked of a reply: does it come back to each question of the demand, does it say what was done, when,
and whom to ask further, and does it say more than that somebody else will see to it. They are our own; what a reply has
to say follows the answers that residents rate badly for leaving it out. Only words are looked at: a reply in which
nothing is found may still be wrong, and one in which something is found may be right.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

ENDS = re.compile(r"(?<=[。！？?!；;\n])")
ASKS = re.compile(
    r"[？?]|请问|想问|问一下|是否|能否|可否|能不能|可不可以|有没有|什么时候|何时|多久|为什么|为何|怎么|如何|哪里|哪个|谁来"
)
# Words of asking and of courtesy: what remains is what the question is about.
ASKING = re.compile(
    r"请问|想问|问一下|是否|能否|可否|能不能|可不可以|有没有|什么时候|何时|多久|为什么|为何|怎么|如何|哪里|哪个|谁来|"
    r"你们|我们|领导|您好|你好|谢谢|希望|可以|现在|这个|那个|一下|吗|呢|的|了|啊|请|能|我|您|你|他|是|在|有|和|就|都|也|还|要|会|把|被|给"
)
WORD = re.compile(r"[\w]+")
DONE = re.compile(
    r"核实|核查|调查|查明|经查|查看|勘查|维修|修复|修好|更换|清理|清运|拆除|整改|整治|责令|约谈|处罚|检查|巡查|安装|"
    r"协调|办结|解决|停工|恢复|补发|发放|退还|疏通|修剪|施划|劝离|查处|立案|纳入|开工|完工|处理(?:完|到位)|已处理"
)
WHEN = re.compile(
    r"\d{4}\s*[年./-]\s*\d{1,2}|\d{1,2}\s*月\s*\d{1,2}\s*日|\d{1,2}\s*月[底初中]|[今昨当次前]日|当天|昨天|今天|本周|下周|"
    r"\d+\s*个?\s*(?:工作日|日|天|月)(?:内|前|后)|\d{1,2}日(?:上午|下午|晚)"
)
CONTACT = re.compile(
    r"(?<!\d)(?:0\d{2,3}[-—－ ]?)?\d{7,8}(?!\d)|(?<!\d)1\d{10}(?!\d)|12345|联系人|联系电话|咨询电话|致电"
)
EMPTY = re.compile(
    r"(?:已|将)?[^，。；！？\n]{0,6}?(?:转|交|移交|转交|反馈给?)(?:由|至|给)?(?:有关|相关|主管|职能|责任)(?:部门|单位|科室)"
    r"[^，。；！？\n]{0,8}|高度重视|请(?:您)?耐心等待|敬请谅解|感谢您?(?:的|对)[^，。；！？\n]{0,20}|祝您?[^，。；！？\n]{0,12}|"
    r"您反映的(?:问题|情况|来信|留言)[^，。；！？\n]{0,6}(?:收悉|收到|已知悉)|您好|网友|现(?:将|就)?[^，。；！？\n]{0,10}(?:答复|回复)如下"
)
LEAST_SAID = 20
"""Characters that a reply says beside courtesies and passing on."""

LEAST_SHARED = 0.25
"""Share of a question's pairs of characters that an answer to it takes up."""

LEAST_PAIRS = 2
MOST_QUESTIONS = 3


class Lack(StrEnum):
    """What may be missing."""

    QUESTION = "question"
    DONE = "done"
    WHEN = "when"
    CONTACT = "contact"
    EMPTY = "empty"


@dataclass(frozen=True)
class Advice:
    """One thing that a reply seems to lack; `about` is the question that it does not come back to, else empty."""

    lack: Lack
    about: str = ""


SAID = {Lack.DONE: DONE, Lack.WHEN: WHEN, Lack.CONTACT: CONTACT}


def advise(demand: str, reply: str) -> list[Advice]:
    """What a reply seems to lack, in the order in which its author would mend it; empty for nothing found.

    Args:
        demand: what was asked for, as it was written.
        reply: the draft.
    """
    found = [Advice(Lack.EMPTY)] if says_nothing(reply) else []
    found += [Advice(Lack.QUESTION, question) for question in questions_of(demand) if not takes_up(question, reply)]
    own = EMPTY.sub("", reply)  # passing on is not doing
    found += [Advice(lack) for lack, words in SAID.items() if not words.search(own)]
    return found


def questions_of(demand: str) -> list[str]:
    """The sentences of a demand that ask something, each once, at most three; greetings ask nothing."""
    found = dict.fromkeys(sentence for sentence in _sentences(demand) if ASKS.search(sentence) and _pairs(sentence))
    return list(found)[:MOST_QUESTIONS]


def takes_up(question: str, reply: str) -> bool:
    """Whether a reply speaks of what a question is about: enough pairs of its characters stand in the reply."""
    asked = _pairs(question)
    shared = len(asked & _pairs(reply))
    return shared >= min(LEAST_PAIRS, len(asked)) and shared >= LEAST_SHARED * len(asked)


def says_nothing(reply: str) -> bool:
    """Whether hardly anything is left of a reply without courtesies and the passing on to others."""
    return len("".join(WORD.findall(EMPTY.sub("", reply)))) < LEAST_SAID


def _sentences(text: str) -> Iterator[str]:
    for sentence in ENDS.split(text):
        stripped = sentence.strip()
        if stripped:
            yield stripped


def _pairs(text: str) -> set[str]:
    """Pairs of characters of what a text is about."""
    pieces = WORD.findall(ASKING.sub(" ", text))
    return {piece[place : place + 2] for piece in pieces for place in range(len(piece) - 1)}
