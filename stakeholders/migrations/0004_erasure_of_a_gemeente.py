import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("stakeholders", "0003_account_events_and_erasures")]
    operations = [
        migrations.AddField(
            model_name="erasure",
            name="gemeente",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="stakeholders.gemeente",
            ),
        ),
    ]
