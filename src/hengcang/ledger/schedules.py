"""循环盘点读取 Count schedules with when each was last counted, and the plan of it that waits to be begun: one statement."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple

from hengcang.base import bulk
from hengcang.ledger.promises import in_ext
from hengcang.ledger.reports import among

SCHEDULES_SQL = """
SELECT s.id, s.code, s.name, s.place_id, s.category_id, s.abc_class, s.objects_counted, s.blind, s.second_required, s.handler_id,
  s.every_days, s.starts_on, x.last, x.waiting, x.latest
FROM records_countschedule s LEFT JOIN (
  SELECT {schedule} AS schedule, MAX(CASE WHEN d.state IN ('posted','closed') THEN d.document_date END) AS last,
    MAX(CASE WHEN d.state IN ('draft','submitted','approved') THEN d.id END) AS waiting,
    MAX(d.id) AS latest
  FROM records_document d WHERE d.type IN ({types}) AND d.state NOT IN ('void','rejected') AND {schedule} IS NOT NULL GROUP BY 1
) x ON x.schedule=s.id WHERE s.active{conditions} ORDER BY s.code
"""


class Schedule(NamedTuple):
    """循环盘点 A schedule: `last` is the day it was last counted, `waiting` the plan that is not begun yet, `latest` the newest."""

    id: int
    code: str
    name: str
    place: int | None
    category: int | None
    abc_class: str
    objects: str
    blind: bool
    second_required: bool
    handler: int | None
    every: int
    starts_on: date
    last: date | None
    waiting: int | None
    latest: int | None

    @property
    def due(self) -> date:
        """下次盘点日 When it is to be counted next."""
        return self.starts_on if self.last is None else self.last + timedelta(days=self.every)

    def days(self, through: date) -> Iterator[date]:
        """盘点日 The days it is to be counted on through a day."""
        day = self.due
        while day <= through:
            yield day
            day += timedelta(days=self.every)


def schedules(types: Collection[str], places: Collection[int] | None, ids: Collection[int] | None = None) -> list[Schedule]:
    """循环盘点 The active schedules whose warehouse is among the places (those of all warehouses where there is no limit), or by id."""
    within, keys = among("s.place_id", places)
    own, own_keys = among("s.id", ids)
    kept = f"CAST({in_ext('schedule')} AS bigint)"
    names = sorted(types) or [""]
    sql = SCHEDULES_SQL.format(schedule=kept, types=bulk.placeholders(names), conditions=within + own)
    return [schedule_of(row) for row in bulk.fetch(sql, [*names, *keys, *own_keys])]


def schedule_of(row: tuple[Any, ...]) -> Schedule:
    """A schedule as it was read."""
    values = [*row[:7], bool(row[7]), bool(row[8]), *row[9:11], bulk.read_day(row[11]), bulk.read_date(row[12]), *row[13:]]
    return Schedule._make(values)
