"""Where a merchant is: an electronic invoice must say it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("parties", "0004_find_store"),
    ]

    operations = [
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
