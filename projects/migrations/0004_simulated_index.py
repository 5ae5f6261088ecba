from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("projects", "0003_joining")]

    operations = [
        migrations.AddIndex(
            model_name="volunteer",
            index=models.Index(fields=["id"], condition=models.Q(simulated=True), name="volunteer_simulated"),
        )
    ]
