"""科目月度发生额 The months of accounts, filled from the books where there are any."""

import hengcang.base.fields
from django.db import migrations, models


def forwards(apps, schema_editor):
    """Fill the months; an empty book has nothing to add up."""
    if apps.get_model("ledger", "Posting").objects.exists():
        from hengcang.ledger.account_flows import rebuild

        rebuild()


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0002_weight_and_volume'),
        ('ledger', '0006_clearing_day'),
        ('places', '0003_expense_categories'),
        ('records', '0002_more_on_money_lines'),
    ]

    operations = [
        migrations.CreateModel(
            name='AccountMonth',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.IntegerField()),
                ('account', models.CharField(max_length=20)),
                ('item', models.BigIntegerField(default=0)),
                ('party', models.BigIntegerField(default=0)),
                ('cash_account', models.BigIntegerField(default=0)),
                ('category', models.BigIntegerField(default=0)),
                ('debit', hengcang.base.fields.ScaledField(default='0')),
                ('credit', hengcang.base.fields.ScaledField(default='0')),
            ],
        ),
        migrations.AddIndex(
            model_name='stockmove',
            index=models.Index(fields=['document_date'], name='move_date'),
        ),
        migrations.AddConstraint(
            model_name='accountmonth',
            constraint=models.UniqueConstraint(fields=('month', 'account', 'item', 'party', 'cash_account', 'category'), name='account_month_key'),
        ),
        migrations.RunPython(forwards, migrations.RunPython.noop),
    ]
