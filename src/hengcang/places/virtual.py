"""虚拟地点 Virtual places: one for each kind of place outside, with a fixed code: where goods come from and go to."""

from __future__ import annotations

from typing import Any

from hengcang.meta.english import word
from hengcang.places import areas

NAMES = {
    "supplier": "供应商",
    "customer": "客户",
    "opening": "期初",
    "count": "盘点",
    "other": "其他出入库",
    "loss": "报损",
    "production": "生产",
    "variance": "成本差异",
}


def shown_name(name: str, kind: str) -> str:
    """地点名称 The name of a place as it is shown: a virtual one and an area are named in the language of the request."""
    if kind in areas.SUFFIXES:
        return areas.shown(name, kind)
    return word(name, kind) if name == NAMES.get(kind) else name


def seed(place_model: Any) -> None:
    """写入 Insert those that are not there: the code is the kind. Takes the model, so that a migration can call it."""
    place_model.objects.bulk_create(
        [place_model(code=f"@{kind}", name=name, kind=kind, negative_stock="allow") for kind, name in NAMES.items()],
        ignore_conflicts=True,
    )
