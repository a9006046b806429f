"""stub"""
from dataclasses import dataclass
from random import Random
from linli.demo.texts import DEMANDS
from linli.ground.territory.facade import Unit

@dataclass(frozen=True)
class Told:
    title: str
    text: str
    place: str

class Teller:
    def __init__(self, random: Random) -> None:
        self._random = random
    def told(self, topic: str, place: Unit, spot: str = "") -> Told:
        each = self._random.choice(DEMANDS)
        return Told(topic + each.title, each.text * 3, place.name)
    def work(self, topic: str) -> str:
        return self._random.choice(DEMANDS).work
    def reply(self, topic: str, told: Told, *, again: bool = False) -> str:
        return self._random.choice(DEMANDS).reply * 4
    def part_reply(self, topic: str) -> str:
        return self._random.choice(DEMANDS).reply
    def phrase(self, kind: str) -> str:
        return kind
    def declining(self) -> dict[str, str]:
        return {"reason": "不属于", "right_door": "12306"}
