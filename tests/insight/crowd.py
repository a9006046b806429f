"""A district in which some matters are on many lips: the same told by several people, and what only one tells."""

from datetime import timedelta
from typing import Any

from linli.ground.people.actions.open_account import open_account
from linli.ground.people.models import Person
from linli.insight.indicators.checking import check_figures
from linli.insight.indicators.hot_topics import find_hot_topics
from linli.insight.indicators.models import HotTopicDemand
from linli.kernel.access import SYSTEM, VISITOR
from linli.services.cases.actions.receive_case import receive_case
from tests.world import World

NAME, TELEPHONE = "王建国", "13912345678"
PLANT = (
    ("桂花新城旁搅拌站粉尘扰民", "桂花新城旁边新建的搅拌站粉尘很大，窗户不敢开。"),
    ("桂花新城搅拌站夜间噪音大", "桂花新城外的搅拌站夜里施工，噪音大，睡不着。"),
    ("投诉桂花新城搅拌站污染", "桂花新城门口的搅拌站污染空气，粉尘落满阳台。"),
    ("桂花新城搅拌站何时搬走", "请问桂花新城边的搅拌站什么时候搬走，粉尘和噪音都很大。"),
    ("搅拌站离桂花新城太近", "搅拌站离桂花新城太近，粉尘噪音影响孩子上学。"),
)
PARKING = (
    ("滨河苑车位捆绑销售", f"滨河苑开发商捆绑销售车位，联系人{NAME}，电话{TELEPHONE}。"),
    (f"滨河苑车位捆绑销售{NAME}", f"滨河苑买房必须买车位，找{NAME}{TELEPHONE}也没有用。"),
    (f"滨河苑强制捆绑车位{TELEPHONE}", f"滨河苑车位捆绑销售不合理，请管一管，{NAME}，{TELEPHONE}。"),
    ("滨河苑车位捆绑销售能退吗", "滨河苑车位捆绑销售，买房人要退车位钱。"),
)
ALONE = (
    ("办身份证要带什么", "孩子第一次办身份证，要带哪些材料。"),
    ("法国梧桐飘絮", "春天法国梧桐飘絮，行人睁不开眼。"),
    ("楼上漏水", "楼上卫生间漏水，邻居不肯修。"),
    ("公交站牌看不清", "站牌褪色，老人看不清时刻。"),
    ("图书馆开放时间", "图书馆晚上能不能开到九点。"),
)


class Crowd:
    """Who told what, so that a test may look for it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.now = world.now
        self.plant = [
            self.tell(title, text, place="A1" if at < 3 else "B1", days_ago=10 - at)
            for at, (title, text) in enumerate(PLANT)
        ]
        self.parking = [self.tell(title, text, place="A2", days_ago=3) for title, text in PARKING]
        self.alone = [self.tell(title, text, days_ago=5) for title, text in ALONE]

    def person(self) -> Person:
        login = f"teller-{Person.objects.count()}"
        return open_account(login=login, name="居民", actor=SYSTEM, now=self.now).person

    def tell(
        self, title: str, text: str, *, place: str = "A1", days_ago: int = 2, filer: Person | None = None, **more: Any
    ) -> int:
        """Key of a demand that somebody, who has told nothing before, told some days ago."""
        told = receive_case(
            actor=VISITOR,
            now=self.now - timedelta(days=days_ago),
            title=title,
            text=text,
            place=self.world.community[place],
            filer=filer or self.person(),
            **more,
        )
        key: int = told.matter.pk
        return key

    def find(self, nights: int = 0, **more: Any) -> bool:
        """Count, and look for hot topics some nights later."""
        now = self.now + timedelta(days=nights)
        check_figures(now)
        return find_hot_topics(now, **more)


def topics() -> dict[str, set[int]]:
    """What was found: the demands of each, by its name."""
    found: dict[str, set[int]] = {}
    for name, place, matter in HotTopicDemand.objects.values_list("topic__phrase", "topic__place", "matter"):
        found.setdefault(f"{place} {name}".strip(), set()).add(matter)
    return found
