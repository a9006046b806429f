"""Invented messages: matters with their own words at invented places, told in many ways, the same for the same seed."""

import csv
import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

MATTERS = {
    "环境": ("工地扬尘很大", "夜里噪声扰民", "河水发臭", "垃圾堆积无人清运", "餐馆油烟直排"),
    "教育": ("学校食堂饭菜差", "老师收费补课", "幼儿园学位不够", "孩子入学要排队", "校车班次太少"),
    "交通": ("公交车等不到", "路口信号灯坏了", "出租车拒载", "道路坑洼难行", "车站没有雨棚"),
}
ADDRESSES = ("您好", "尊敬的领导", "请有关部门处理", "盼望早日答复", "居民意见很大", "已经反映多次")
PLACES = ("云栖新城", "松涛苑", "望月小区", "百合花园", "青石路", "东升村")
START = datetime.fromisoformat("2026-03-02T09:00:00")


def labelled_texts(count: int, seed: int = 1) -> tuple[list[str], list[str]]:
    """Raw texts and their labels."""
    draw = random.Random(seed)
    texts, labels = [], []
    for _ in range(count):
        label = draw.choice(sorted(MATTERS))
        told = draw.sample(MATTERS[label], 2)
        texts.append(
            "，".join([draw.choice(ADDRESSES), draw.choice(PLACES) + told[0], told[1], draw.choice(ADDRESSES)])
        )
        labels.append(label)
    return texts, labels


def write_csv(path: Path, heading: Sequence[str], rows: Sequence[Sequence[object]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(heading)
        writer.writerows(rows)
    return path


def period(seed: int = 1) -> list[tuple[str, str, str, str, datetime, int, int]]:
    """A period with one hot matter at one place (20 messages), a smaller one (6), and many single ones."""
    draw = random.Random(seed)
    rows: list[tuple[str, str, str, str, datetime, int, int]] = []

    def write(title: str, detail: str, days: float, in_favour: int) -> None:
        number = str(1000 + len(rows))
        rows.append((number, f"U{number}", title, detail, START + timedelta(days=days), in_favour, 0))

    for _ in range(20):
        told = draw.sample(
            ("化工仓库气味刺鼻", "化工仓库夜间装卸", "孩子被气味熏得头晕", "仓库离楼栋太近", "要求搬走化工仓库"), 3
        )
        title = (
            f"{draw.choice(('投诉', '反映', '请管管'))}云栖新城旁的化工仓库{draw.choice(('扰民', '气味大', '不安全'))}"
        )
        write(
            title,
            f"我住在云栖新城，{'，'.join(told)}，{draw.choice(ADDRESSES)}。",
            draw.uniform(0, 20),
            draw.randint(0, 3),
        )
    for _ in range(6):
        told = draw.sample(("电梯困人", "电梯异响", "电梯停运三天", "物业不修电梯"), 2)
        write(f"松涛苑电梯{draw.choice(('故障', '停运'))}", f"松涛苑三栋{'，'.join(told)}。", draw.uniform(0, 200), 0)
    syllables = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥"
    for _ in range(40):
        words = ["".join(draw.sample(syllables, 4)) for _ in range(6)]
        write(words[0], "，".join(words[1:]), draw.uniform(0, 300), draw.randint(0, 2))
    draw.shuffle(rows)
    return rows
