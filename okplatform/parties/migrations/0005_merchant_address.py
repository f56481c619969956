"""Where a merchant is, and a scope for keys that read its ledger."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("parties", "0004_find_store"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="apikey",
            name="api_key_scopes_are_known",
        ),
        migrations.AddField(
            model_name="merchant",
            name="city",
            field=models.CharField(blank=True, db_default="", default="", max_length=80),
        ),
        migrations.AddField(
            model_name="merchant",
            name="country",
            field=models.CharField(db_default="NL", default="NL", max_length=2),
        ),
        migrations.AddField(
            model_name="merchant",
            name="postal_code",
            field=models.CharField(blank=True, db_default="", default="", max_length=16),
        ),
        migrations.AddField(
            model_name="merchant",
            name="street",
            field=models.CharField(blank=True, db_default="", default="", max_length=120),
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
                            "test:codes",
                        ],
                    )
                ),
                name="api_key_scopes_are_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="merchant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("city", ""), ("postal_code", ""), ("street", "")),
                    models.Q(
                        models.Q(("street", ""), _negated=True),
                        models.Q(("postal_code", ""), _negated=True),
                        models.Q(("city", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="merchant_address_is_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="merchant",
            constraint=models.CheckConstraint(
                condition=models.Q(("country__regex", "^[A-Z]{2}$")),
                name="merchant_country_is_a_code",
            ),
        ),
    ]
