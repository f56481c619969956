"""What the merchant pays for a product."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("trade", "0006_spending")]

    operations = [
        migrations.AddField(
            model_name="product", name="cost", field=models.BigIntegerField(null=True)
        ),
        migrations.AddConstraint(
            model_name="product",
            constraint=models.CheckConstraint(
                condition=models.Q(("cost__gte", 0)), name="product_cost_is_not_negative"
            ),
        ),
    ]
