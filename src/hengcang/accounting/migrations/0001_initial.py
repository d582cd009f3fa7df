"""科目表 The chart of accounts with the standard's, and the account map."""

import django.db.models.deletion
from django.db import migrations, models

from hengcang.accounting.standard import seed


def forwards(apps, schema_editor):
    """Insert the standard chart."""
    seed(apps.get_model("accounting", "ChartAccount"))


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('catalog', '0002_weight_and_volume'),
        ('parties', '0001_initial'),
        ('places', '0003_expense_categories'),
    ]

    operations = [
        migrations.CreateModel(
            name='ChartAccount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=20, unique=True)),
                ('name', models.CharField(max_length=80)),
                ('kind', models.CharField(max_length=12)),
                ('direction', models.CharField(max_length=6)),
                ('active', models.BooleanField(default=True)),
                ('version', models.IntegerField(default=1)),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='accounting.chartaccount')),
            ],
        ),
        migrations.CreateModel(
            name='AccountRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=30, unique=True)),
                ('name', models.CharField(blank=True, default='', max_length=80)),
                ('booked_account', models.CharField(max_length=20)),
                ('account_class', models.CharField(blank=True, default='', max_length=20)),
                ('active', models.BooleanField(default=True)),
                ('version', models.IntegerField(default=1)),
                ('cash_account', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='places.cashaccount')),
                ('expense_category', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='places.expensecategory')),
                ('item_category', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='catalog.itemcategory')),
                ('party_category', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='parties.partycategory')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rules', to='accounting.chartaccount')),
            ],
        ),
        migrations.RunPython(forwards, migrations.RunPython.noop),
    ]
