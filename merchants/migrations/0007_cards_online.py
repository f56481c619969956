"""Gift cards that pay parts of online payments."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from okplatform.kernel.sqlfile import run_sql


class Migration(migrations.Migration):
    dependencies = [
        ("merchants", "0006_webhooks"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="onlinepayment",
            name="by_cards",
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="onlinepayment",
            name="cards",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="onlinepayment",
            name="chooser",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        run_sql(__file__, "cards_online"),
    ]
