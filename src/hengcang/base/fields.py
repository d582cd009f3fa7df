"""定点数字段 Scaled numbers: Decimal in Python, BIGINT × 10⁶ in the database, the same on both databases.

Derived from `models.Field` and not from a number field, so that `Avg` and `F()` arithmetic, which would be wrong
on scaled integers, are refused by Django instead of going wrong in silence. Sums and comparisons are exact.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import models

from hengcang.core.amounts import to_decimal, to_micro

if TYPE_CHECKING:
    BaseField = models.Field[Any, Any]
else:
    BaseField = models.Field


class ScaledField(BaseField):
    """定点数 Scaled decimal with six decimals; range ± 9.2 × 10¹²."""

    description = "Decimal kept as an integer of millionths"

    def get_internal_type(self) -> str:
        """The column is a BIGINT on both databases."""
        return "BigIntegerField"

    def get_default(self) -> Any:
        """A default written as text in the model is a Decimal in Python; without one a field is empty."""
        return Decimal(str(super().get_default())) if self.has_default() else None

    def from_db_value(self, value: Any, expression: object, connection: object) -> Decimal | None:
        """Micro units to Decimal; a fraction can only come from an aggregate that makes no sense here."""
        if value is None:
            return None
        assert int(value) == value, "averages of scaled numbers are computed from totals"
        return to_decimal(int(value))

    def to_python(self, value: Any) -> Decimal | None:
        """A Decimal from anything a form or fixture gives."""
        return None if value is None else Decimal(str(value))

    def get_prep_value(self, value: Any) -> int | None:
        """Decimal to micro units, half up at the sixth decimal."""
        return None if value is None else to_micro(Decimal(str(value)))
