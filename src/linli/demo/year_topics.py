"""What a year's demands are about: the topics of the district, which label each belongs to, and its season."""

from dataclasses import dataclass, field

from linli.demo.chances import shares
from linli.demo.measured import LABELS
from linli.demo.rhythm import Seasons
from linli.demo.topics import CatalogueRow

SUMMER: Seasons = {5: 1.2, 6: 1.6, 7: 1.8, 8: 1.7, 9: 1.2, 12: 0.6, 1: 0.5, 2: 0.6}
RAINS: Seasons = {6: 2.2, 7: 2.0, 8: 1.3, 1: 0.7}
SPRING: Seasons = {3: 1.5, 4: 1.8, 5: 1.4, 10: 1.2, 1: 0.5, 12: 0.6}
ENROLMENT: Seasons = {3: 1.2, 4: 1.6, 5: 2.2, 6: 2.4, 7: 1.8, 8: 2.0, 11: 0.4, 12: 0.4, 1: 0.4}
SCHOOL: Seasons = {3: 1.3, 9: 1.7, 10: 1.3, 7: 0.5, 8: 0.6, 2: 0.6}
YEAR_END: Seasons = {12: 1.6, 1: 2.2, 2: 1.4, 6: 0.7, 7: 0.7}
DARK: Seasons = {10: 1.3, 11: 1.6, 12: 1.6, 1: 1.4, 6: 0.6, 7: 0.6}
COLD: Seasons = {11: 1.3, 12: 1.6, 1: 1.8, 2: 1.3, 7: 0.7, 8: 0.7}
EVEN: Seasons = {}


@dataclass(frozen=True)
class YearTopic:
    """A topic of the year.

    Args:
        label: the first-level label of the measured messages under which it falls.
        weight: how often it comes, within its label.
    """

    name: str
    label: str
    weight: int
    seasons: Seasons = field(default_factory=dict)


YEAR_TOPICS = (
    YearTopic("物业服务", "城乡建设", 24, EVEN),
    YearTopic("旧房改造", "城乡建设", 11, SPRING),
    YearTopic("环境卫生", "城乡建设", 12, SUMMER),
    YearTopic("道路养护", "城乡建设", 11, RAINS),
    YearTopic("违法建设", "城乡建设", 9, SPRING),
    YearTopic("公园绿化", "城乡建设", 9, SPRING),
    YearTopic("供水排水", "城乡建设", 9, RAINS),
    YearTopic("路灯照明", "城乡建设", 6, DARK),
    YearTopic("电动车充电", "城乡建设", 5, SUMMER),
    YearTopic("加装电梯", "城乡建设", 4, SPRING),
    YearTopic("社会保险", "劳动和社会保障", 30, YEAR_END),
    YearTopic("劳动报酬", "劳动和社会保障", 24, YEAR_END),
    YearTopic("就业服务", "劳动和社会保障", 16, SPRING),
    YearTopic("政策咨询", "劳动和社会保障", 16, SCHOOL),
    YearTopic("养老服务", "劳动和社会保障", 9, COLD),
    YearTopic("社会救助", "劳动和社会保障", 5, COLD),
    YearTopic("入学咨询", "教育文体", 34, ENROLMENT),
    YearTopic("校园管理", "教育文体", 34, SCHOOL),
    YearTopic("校外培训", "教育文体", 20, SCHOOL),
    YearTopic("文体活动", "教育文体", 12, SUMMER),
    YearTopic("消费纠纷", "商贸旅游", 62, YEAR_END),
    YearTopic("市场秩序", "商贸旅游", 38, SUMMER),
    YearTopic("噪音扰民", "环境保护", 68, SUMMER),
    YearTopic("油烟异味", "环境保护", 32, SUMMER),
    YearTopic("社区卫生", "卫生计生", 60, COLD),
    YearTopic("生育服务", "卫生计生", 40, EVEN),
    YearTopic("停车秩序", "交通运输", 46, EVEN),
    YearTopic("公共交通", "交通运输", 54, SCHOOL),
)

# As in `topics`: first level, second level, topic, level that answers, street unit, department, days, one suffices.
MORE_CATALOGUE: tuple[CatalogueRow, ...] = (
    ("住房物业", "房屋", "旧房改造", "district", "", "区房产局", 5, False),
    ("社会保障", "社保", "社会保险", "street", "citizen_service_center", "", 3, True),
    ("社会保障", "劳动", "劳动报酬", "district", "", "区人力资源和社会保障局", 5, False),
    ("社会保障", "就业", "就业服务", "street", "citizen_service_center", "", 3, True),
    ("文化教育", "学校", "入学咨询", "district", "", "区教育局", 5, True),
    ("文化教育", "学校", "校园管理", "district", "", "区教育局", 5, False),
    ("文化教育", "培训", "校外培训", "district", "", "区教育局", 5, False),
    ("市场监管", "消费", "消费纠纷", "district", "", "区市场监督管理局", 5, False),
    ("市场监管", "秩序", "市场秩序", "street", "economic_services", "", 5, False),
    ("生态环境", "大气", "油烟异味", "street", "urban_management", "", 3, False),
    ("卫生健康", "医疗", "社区卫生", "district", "", "区卫生健康局", 5, False),
    ("卫生健康", "生育", "生育服务", "street", "citizen_service_center", "", 2, True),
    ("城市管理", "交通停车", "公共交通", "district", "", "区交通运输局", 5, False),
)
MORE_DEPARTMENTS = ("区人力资源和社会保障局", "区市场监督管理局", "区交通运输局")


def topic_counts(total: int) -> dict[str, int]:
    """How many of `total` demands are about each topic: the labels as they were measured, topics by their weight."""
    found: dict[str, int] = {}
    for label, count in zip(LABELS, shares(total, list(LABELS.values())), strict=True):
        topics = [each for each in YEAR_TOPICS if each.label == label]
        parts = shares(count, [each.weight for each in topics])
        found |= {each.name: part for each, part in zip(topics, parts, strict=True)}
    return found
