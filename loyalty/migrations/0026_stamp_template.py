"""A scheme may have a stamp card."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """One slot more."""

    dependencies = [("loyalty", "0025_gift_card_rewards")]

    operations = [
        migrations.RemoveConstraint(model_name="schemeoffer", name="scheme_offer_slot_is_one"),
        migrations.AddConstraint(
            model_name="schemeoffer",
            constraint=models.CheckConstraint(
                condition=models.Q(("slot__in", ["quiet_day", "bigger_basket", "stamp_card"])),
                name="scheme_offer_slot_is_one",
            ),
        ),
    ]
