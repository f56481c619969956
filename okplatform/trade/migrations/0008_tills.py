"""What a till asks of its own sales: those it has not settled, and those of its shift."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("trade", "0007_product_cost")]

    operations = [
        migrations.RemoveIndex(model_name="sale", name="sale_live"),
        migrations.AddIndex(
            model_name="sale",
            index=models.Index(
                models.F("merchant"),
                models.F("mode"),
                models.F("closed_at"),
                models.F("store"),
                condition=models.Q(
                    ("closed_at__isnull", False), ("state", "open"), _connector="OR"
                ),
                name="sale_live",
            ),
        ),
    ]
