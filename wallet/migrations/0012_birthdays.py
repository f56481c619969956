"""Birthdays without a year, and the consent to use them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from okplatform.kernel.sqlfile import run_sql


class Migration(migrations.Migration):
    dependencies = [
        ("parties", "0007_browser_sessions"),
        ("wallet", "0011_push_points"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Birthday",
            fields=[
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("month", models.PositiveSmallIntegerField()),
                ("day", models.PositiveSmallIntegerField()),
                ("told_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("day__range", (1, 29)), ("month__range", (1, 12))),
                            models.Q(
                                models.Q(("month", 2), _negated=True),
                                ("day", 30),
                                ("month__range", (1, 12)),
                            ),
                            models.Q(("day", 31), ("month__in", (1, 3, 5, 7, 8, 10, 12))),
                            _connector="OR",
                        ),
                        name="birthday_is_a_day",
                    )
                ],
            },
        ),
        migrations.RemoveConstraint(
            model_name="consent",
            name="consent_purpose_is_known",
        ),
        migrations.RemoveConstraint(
            model_name="disclosure",
            name="disclosure_purpose_is_known",
        ),
        migrations.AlterField(
            model_name="consent",
            name="purpose",
            field=models.CharField(
                choices=[
                    ("identity", "Who you are"),
                    ("contact", "How to reach you"),
                    ("purchases", "What you bought here"),
                    ("preferences", "Your preferences"),
                    ("recognition", "Recognition in the shop"),
                    ("offers", "Personal offers"),
                    ("birthday", "Your birthday"),
                    ("mail", "Post by e-mail"),
                    ("push", "Messages on your phone"),
                    ("allergies", "Your allergies"),
                ],
                max_length=16,
            ),
        ),
        migrations.AlterField(
            model_name="consentwording",
            name="purpose",
            field=models.CharField(
                choices=[
                    ("identity", "Who you are"),
                    ("contact", "How to reach you"),
                    ("purchases", "What you bought here"),
                    ("preferences", "Your preferences"),
                    ("recognition", "Recognition in the shop"),
                    ("offers", "Personal offers"),
                    ("birthday", "Your birthday"),
                    ("mail", "Post by e-mail"),
                    ("push", "Messages on your phone"),
                    ("allergies", "Your allergies"),
                ],
                max_length=16,
            ),
        ),
        migrations.AddConstraint(
            model_name="consent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "purpose__in",
                        [
                            "identity",
                            "contact",
                            "purchases",
                            "preferences",
                            "recognition",
                            "offers",
                            "birthday",
                            "mail",
                            "push",
                            "allergies",
                        ],
                    )
                ),
                name="consent_purpose_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="disclosure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "purpose__in",
                        [
                            "identity",
                            "contact",
                            "purchases",
                            "preferences",
                            "recognition",
                            "offers",
                            "birthday",
                            "mail",
                            "push",
                            "allergies",
                            "proof",
                        ],
                    )
                ),
                name="disclosure_purpose_is_known",
            ),
        ),
        run_sql(__file__, "birthdays"),
    ]
