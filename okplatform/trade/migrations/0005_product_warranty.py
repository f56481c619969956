"""How long a product is under warranty."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("parties", "0006_proofs_scope"),
        ("trade", "0004_returns"),
    ]

    operations = [
        migrations.AddField(
            model_name="product",
            name="warranty_months",
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddConstraint(
            model_name="product",
            constraint=models.CheckConstraint(
                condition=models.Q(("warranty_months__range", (1, 600))),
                name="product_warranty_is_some_months",
            ),
        ),
    ]
