"""What came back, beside what was sold, in the live figures."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("merchants", "0003_look"),
    ]

    operations = [
        migrations.AddField(
            model_name="livefigure",
            name="refunded",
            field=models.BigIntegerField(db_default=0),
        ),
        migrations.AddField(
            model_name="livefigure",
            name="refunds",
            field=models.BigIntegerField(db_default=0),
        ),
    ]
