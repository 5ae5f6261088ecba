"""Runs on associations, and their publication: choices only."""

from django.db import migrations, models

KINDS = [("attributes", "attributes"), ("associations", "associations"), ("unusual", "unusual objects")]


class Migration(migrations.Migration):
    dependencies = [("mining", "0013_reasons_of_unusual")]

    operations = [
        migrations.AlterField("attributerun", "kind", models.CharField(choices=KINDS, max_length=12)),
        migrations.AlterField("publication", "kind", models.CharField(choices=KINDS, max_length=12)),
    ]
