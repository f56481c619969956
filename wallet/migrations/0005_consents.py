"""All purposes of consent, their texts, what people tell about themselves, and proofs."""

from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("parties", "0005_merchant_address"),
        ("wallet", "0004_cards"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Attestation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "claim",
                    models.CharField(
                        choices=[("age_over_18", "18 or older"), ("student", "student")],
                        max_length=16,
                    ),
                ),
                ("holds", models.BooleanField()),
                ("issuer", models.TextField()),
                ("credential_digest", models.BinaryField(max_length=32)),
                ("attested_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("credential_digest", "claim"), name="attestation_is_one_persons"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("claim__in", ["age_over_18", "student"])),
                        name="attestation_claim_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("attested_at"))),
                        name="attestation_ends_later",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AttestationRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "claim",
                    models.CharField(
                        choices=[("age_over_18", "18 or older"), ("student", "student")],
                        max_length=16,
                    ),
                ),
                ("issuer", models.TextField()),
                ("nonce", models.CharField(max_length=64, unique=True)),
                ("asked_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "wallet_attestation_request",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("claim__in", ["age_over_18", "student"])),
                        name="attestation_request_claim_is_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ConsentWording",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("identity", "Who you are"),
                            ("contact", "How to reach you"),
                            ("purchases", "What you bought here"),
                            ("preferences", "Your preferences"),
                            ("recognition", "Recognition in the shop"),
                            ("offers", "Personal offers"),
                            ("mail", "Post by e-mail"),
                            ("push", "Messages on your phone"),
                            ("allergies", "Your allergies"),
                        ],
                        max_length=16,
                    ),
                ),
                ("version", models.PositiveSmallIntegerField()),
                (
                    "language",
                    models.CharField(
                        choices=[("nl", "Nederlands"), ("en", "English")], max_length=2
                    ),
                ),
                ("title", models.TextField()),
                ("summary", models.TextField()),
                ("full", models.TextField()),
            ],
            options={
                "db_table": "wallet_consent_wording",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("purpose", "version", "language"), name="consent_wording_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ContactDetails",
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
                ("phone", models.CharField(blank=True, max_length=16)),
                ("street", models.CharField(blank=True, max_length=120)),
                ("postal_code", models.CharField(blank=True, max_length=16)),
                ("city", models.CharField(blank=True, max_length=80)),
                ("country", models.CharField(default="NL", max_length=2)),
                ("changed_at", models.DateTimeField()),
            ],
            options={
                "db_table": "wallet_contact_details",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("phone", ""),
                            ("phone__regex", "^\\+[1-9][0-9]{7,14}$"),
                            _connector="OR",
                        ),
                        name="contact_phone_is_e164",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("city", ""), ("postal_code", ""), ("street", "")),
                            models.Q(
                                models.Q(("street", ""), _negated=True),
                                models.Q(("postal_code", ""), _negated=True),
                                models.Q(("city", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="contact_address_is_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("country__regex", "^[A-Z]{2}$")),
                        name="contact_country_is_a_code",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Declaration",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("preference", "preference"), ("allergy", "allergy")],
                        max_length=10,
                    ),
                ),
                ("code", models.CharField(blank=True, max_length=16)),
                ("words", models.CharField(blank=True, max_length=80)),
                ("declared_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["preference", "allergy"])),
                        name="declaration_kind_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("code", ""), models.Q(("words", ""), _negated=True)),
                            models.Q(models.Q(("code", ""), _negated=True), ("words", "")),
                            _connector="OR",
                        ),
                        name="declaration_is_ticked_or_in_words",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProofOffer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "claim",
                    models.CharField(
                        choices=[("age_over_18", "18 or older"), ("student", "student")],
                        max_length=16,
                    ),
                ),
                ("offered_at", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("used_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "wallet_proof_offer",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("claim__in", ["age_over_18", "student"])),
                        name="proof_offer_claim_is_known",
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
        migrations.AddField(
            model_name="disclosure",
            name="about",
            field=models.TextField(blank=True, db_default="", default=""),
        ),
        migrations.AddField(
            model_name="disclosure",
            name="why",
            field=models.TextField(
                choices=[
                    ("till", "when your code was scanned"),
                    ("question", "a question about a purchase"),
                    ("card", "your customer card, by your code"),
                    ("proof", "a proof you offered"),
                ],
                db_default="till",
                default="till",
            ),
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
                    ("mail", "Post by e-mail"),
                    ("push", "Messages on your phone"),
                    ("allergies", "Your allergies"),
                ],
                max_length=16,
            ),
        ),
        migrations.AlterField(
            model_name="disclosure",
            name="purpose",
            field=models.CharField(max_length=16),
        ),
        migrations.AlterField(
            model_name="disclosure",
            name="what",
            field=models.TextField(
                choices=[
                    ("name", "your name"),
                    ("contact", "how to reach you"),
                    ("purchases", "what you bought here"),
                    ("preferences", "your preferences"),
                    ("visits", "how often you come here"),
                    ("allergies", "your allergies"),
                    ("proof", "the answer to a proof you offered"),
                ]
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
        migrations.AddField(
            model_name="attestation",
            name="person",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="attestationrequest",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="declaration",
            name="person",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="proofoffer",
            name="merchant",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="parties.merchant",
            ),
        ),
        migrations.AddField(
            model_name="proofoffer",
            name="person",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="attestation",
            constraint=models.UniqueConstraint(fields=("person", "claim"), name="attestation_once"),
        ),
        migrations.AddConstraint(
            model_name="declaration",
            constraint=models.UniqueConstraint(
                fields=("person", "kind", "code", "words"), name="declaration_once"
            ),
        ),
        migrations.AddIndex(
            model_name="proofoffer",
            index=models.Index(fields=["person", "claim", "-until"], name="proof_offer_of_person"),
        ),
        migrations.AddConstraint(
            model_name="proofoffer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("merchant", None), ("used_at", None)),
                    models.Q(("merchant__isnull", False), ("used_at__isnull", False)),
                    _connector="OR",
                ),
                name="proof_offer_is_used_by_somebody",
            ),
        ),
        migrations.RunSQL(
            sql=(SQL / "consents.sql").read_text(),
            reverse_sql=(SQL / "consents_reverse.sql").read_text(),
        ),
    ]
