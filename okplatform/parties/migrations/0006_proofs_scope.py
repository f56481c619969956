"""A scope for keys that ask for proofs."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("parties", "0005_merchant_address"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="apikey",
            name="api_key_scopes_are_known",
        ),
        migrations.AlterField(
            model_name="apikey",
            name="scopes",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("sales:read", "Sales Read"),
                        ("sales:write", "Sales Write"),
                        ("payments:write", "Payments Write"),
                        ("products:write", "Products Write"),
                        ("refunds:write", "Refunds Write"),
                        ("ledger:read", "Ledger Read"),
                        ("proofs:read", "Proofs Read"),
                        ("test:codes", "Test Codes"),
                    ],
                    max_length=32,
                ),
                size=None,
            ),
        ),
        migrations.AddConstraint(
            model_name="apikey",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "scopes__contained_by",
                        [
                            "sales:read",
                            "sales:write",
                            "payments:write",
                            "products:write",
                            "refunds:write",
                            "ledger:read",
                            "proofs:read",
                            "test:codes",
                        ],
                    )
                ),
                name="api_key_scopes_are_known",
            ),
        ),
    ]
