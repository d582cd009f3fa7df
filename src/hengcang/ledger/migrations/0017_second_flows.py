"""辅助数量的月度收发 What comes and leaves by month in second units, filled from the moves that have any."""

import hengcang.base.fields
from decimal import Decimal
from django.db import migrations, models

COLUMNS = "month, kind, quantity_in, quantity_out, second_in, second_out"
SUMS = "month, kind, 0, 0, CAST(SUM(s_in) AS bigint), CAST(SUM(s_out) AS bigint)"
STOCK_SQL = f"""
INSERT INTO ledger_stockmonth (balance_id, {COLUMNS})
SELECT b.id, {SUMS} FROM (
  SELECT item_id, target_id AS place_id, lot_id, month, kind, second_quantity AS s_in, 0 AS s_out FROM ledger_stockmove
  WHERE second_quantity<>0
  UNION ALL
  SELECT item_id, source_id, lot_id, month, kind, 0, second_quantity FROM ledger_stockmove WHERE second_quantity<>0
) d JOIN ledger_stockbalance b ON b.item_id=d.item_id AND b.place_id=d.place_id AND COALESCE(b.lot_id,0)=COALESCE(d.lot_id,0)
GROUP BY b.id, month, kind
ON CONFLICT (balance_id, month, kind) DO UPDATE SET second_in=excluded.second_in, second_out=excluded.second_out
"""
POOL_SQL = f"""
INSERT INTO ledger_poolmonth (pool_id, value_in, value_out, {COLUMNS})
SELECT pool, 0, 0, {SUMS} FROM (
  SELECT target_pool_id AS pool, month, kind, second_quantity AS s_in, 0 AS s_out FROM ledger_stockmove
  WHERE second_quantity<>0 AND target_pool_id IS NOT NULL AND (source_pool_id IS NULL OR source_pool_id<>target_pool_id)
  UNION ALL
  SELECT source_pool_id, month, kind, 0, second_quantity FROM ledger_stockmove
  WHERE second_quantity<>0 AND source_pool_id IS NOT NULL AND (target_pool_id IS NULL OR source_pool_id<>target_pool_id)
) d GROUP BY pool, month, kind
ON CONFLICT (pool_id, month, kind) DO UPDATE SET second_in=excluded.second_in, second_out=excluded.second_out
"""


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0016_what_orders_are_to_hold'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='poolmonth',
            name='pool_month_within',
        ),
        migrations.RemoveConstraint(
            model_name='stockmonth',
            name='stock_month_within',
        ),
        migrations.AddField(
            model_name='poolmonth',
            name='second_in',
            field=hengcang.base.fields.ScaledField(default='0'),
        ),
        migrations.AddField(
            model_name='poolmonth',
            name='second_out',
            field=hengcang.base.fields.ScaledField(default='0'),
        ),
        migrations.AddField(
            model_name='stockmonth',
            name='second_in',
            field=hengcang.base.fields.ScaledField(default='0'),
        ),
        migrations.AddField(
            model_name='stockmonth',
            name='second_out',
            field=hengcang.base.fields.ScaledField(default='0'),
        ),
        migrations.AddConstraint(
            model_name='poolmonth',
            constraint=models.CheckConstraint(condition=models.Q(('quantity_in__range', (Decimal('-9000000000000'), Decimal('9000000000000'))), ('quantity_out__range', (Decimal('-9000000000000'), Decimal('9000000000000'))), ('second_in__range', (Decimal('-9000000000000'), Decimal('9000000000000'))), ('second_out__range', (Decimal('-9000000000000'), Decimal('9000000000000'))), ('value_in__range', (Decimal('-9000000000000'), Decimal('9000000000000'))), ('value_out__range', (Decimal('-9000000000000'), Decimal('9000000000000')))), name='pool_month_within'),
        ),
        migrations.AddConstraint(
            model_name='stockmonth',
            constraint=models.CheckConstraint(condition=models.Q(('quantity_in__range', (Decimal('-9000000000000'), Decimal('9000000000000'))), ('quantity_out__range', (Decimal('-9000000000000'), Decimal('9000000000000'))), ('second_in__range', (Decimal('-9000000000000'), Decimal('9000000000000'))), ('second_out__range', (Decimal('-9000000000000'), Decimal('9000000000000')))), name='stock_month_within'),
        ),
        migrations.RunSQL([STOCK_SQL, POOL_SQL], migrations.RunSQL.noop),
    ]
