"""The catalogue of the fictional district: three levels, with who answers and by when."""

CatalogueRow = tuple[str, str, str, str, str, str, int, bool]
# (first level, second level, topic, level that answers, street unit, department, working days, one person suffices)
CATALOGUE: tuple[CatalogueRow, ...] = (
    ("城市管理", "市政设施", "路灯照明", "street", "urban_management", "", 3, False),
    ("城市管理", "市政设施", "道路养护", "street", "urban_management", "", 5, False),
    ("城市管理", "市政设施", "供水排水", "street", "urban_management", "", 3, False),
    ("城市管理", "市容环卫", "环境卫生", "street", "urban_management", "", 2, False),
    ("城市管理", "市容环卫", "公园绿化", "district", "", "区园林绿化局", 5, False),
    ("城市管理", "规划建设", "违法建设", "district", "", "区城市管理局", 5, False),
    ("城市管理", "规划建设", "加装电梯", "community", "", "", 10, False),
    ("城市管理", "交通停车", "停车秩序", "street", "urban_management", "", 5, False),
    ("生态环境", "噪声", "噪音扰民", "district", "", "区生态环境局", 5, False),
    ("公共安全", "消防", "电动车充电", "street", "social_management", "", 5, False),
    ("社会保障", "养老", "养老服务", "street", "citizen_service_center", "", 5, False),
    ("社会保障", "救助", "社会救助", "community", "", "", 3, False),
    ("住房物业", "物业", "物业服务", "community", "", "", 5, False),
    ("政务服务", "咨询", "政策咨询", "street", "citizen_service_center", "", 2, True),
    ("文化教育", "文体", "文体活动", "community", "", "", 5, True),
    ("基层困难", "社区反映", "社区工作困难", "district", "", "区民政局", 5, False),
)
DEPARTMENTS = (
    "区民政局",
    "区城市管理局",
    "区生态环境局",
    "区园林绿化局",
    "区房产局",
    "区财政局",
    "区教育局",
    "区卫生健康局",
)
