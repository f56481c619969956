"""The wallet's promises, proved by ``manage.py verify``."""

from okplatform.kernel.invariants import Proof, invariant, prove_none

# A till's request that read the consent may still be on its way when it is withdrawn.
IN_FLIGHT = "5 seconds"

# A receipt may wait for its event, and no longer.
WAITING = """
SELECT (event.payload ->> 'sale_id')::bigint FROM kernel_outboxitem item
JOIN kernel_event event ON event.id = item.event_id WHERE event.type = 'trade.sale_closed'
"""


@invariant("handles_are_used_once")
def handles_are_used_once() -> Proof:
    """Every used handle has one sale, in its mode; a closed one has a member who scanned for it.

    Two people may have scanned for one sale, the second instead of the first: one of them is the
    member.
    """
    return prove_none(
        rows="SELECT count(*) FROM wallet_handle WHERE used_at IS NOT NULL",
        breaches="""
            SELECT 'handles of device ' || min(handle.device_id) || ' and their sale '
                   || handle.sale_ref || ' do not agree'
            FROM wallet_handle handle
            JOIN wallet_device device ON device.id = handle.device_id
            LEFT JOIN trade_sale sale
                ON handle.sale_ref = sale.merchant_id || ':' || sale.mode || ':' || sale.uuid
            WHERE handle.used_at IS NOT NULL
            GROUP BY handle.sale_ref, sale.id, sale.mode, sale.state, sale.person_id
            HAVING sale.id IS NULL OR bool_or(device.mode <> sale.mode)
                OR sale.state = 'closed'
                   AND bool_or(device.person_id = sale.person_id) IS NOT TRUE
        """,
    )


@invariant("one_consent_is_in_force")
def one_consent_is_in_force() -> Proof:
    """At most one consent is in force per person, merchant and purpose, and none overlaps."""
    return prove_none(
        rows="SELECT count(*) FROM wallet_consent",
        breaches="""
            SELECT 'person ' || person_id || ' has two consents for ' || purpose
                   || ' to merchant ' || merchant_id || ' at the same time'
            FROM (
                SELECT person_id, merchant_id, purpose, granted_at, max(
                    coalesce(withdrawn_at, 'infinity')) OVER (
                    PARTITION BY person_id, merchant_id, purpose ORDER BY granted_at, id
                    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS earlier_until
                FROM wallet_consent) consent
            WHERE earlier_until > granted_at
        """,
    )


@invariant("disclosures_have_consent")
def disclosures_have_consent() -> Proof:
    """Nobody saw anything without a consent in force, or a proof on offer, at that time."""
    return prove_none(
        rows="SELECT count(*) FROM wallet_disclosure",
        breaches=f"""
            SELECT looked.actor_name || ' saw ' || looked.what || ' of person ' || looked.person_id
                   || ' at ' || looked.at || ' without consent'
            FROM wallet_disclosure looked
            WHERE NOT EXISTS (
                SELECT 1 FROM wallet_consent consent
                WHERE consent.person_id = looked.person_id
                  AND consent.merchant_id = looked.merchant_id
                  AND consent.purpose = looked.purpose
                  AND consent.granted_at <= looked.at
                  AND (consent.withdrawn_at IS NULL
                       OR consent.withdrawn_at > looked.at - interval '{IN_FLIGHT}'))
              AND (looked.purpose <> 'proof' OR NOT EXISTS (
                SELECT 1 FROM wallet_proof_offer offer
                WHERE offer.person_id = looked.person_id
                  AND offer.merchant_id = looked.merchant_id
                  AND offer.claim = looked.about
                  AND looked.at BETWEEN offer.used_at AND offer.until))
        """,  # noqa: S608 -- a constant of ours
    )


@invariant("consents_name_their_text")
def consents_name_their_text() -> Proof:
    """Every consent names a text that is kept, word for word, in the language it was read in."""
    return prove_none(
        rows="SELECT count(*) FROM wallet_consent",
        breaches="""
            SELECT 'consent ' || consent.id || ' was given to version ' || consent.text_version
                   || ' of ' || consent.purpose || ', which is not kept'
            FROM wallet_consent consent
            LEFT JOIN wallet_consent_wording wording
                ON wording.purpose = consent.purpose AND wording.version = consent.text_version
                AND wording.language = consent.language
            WHERE wording.id IS NULL
        """,
    )


@invariant("who_left_is_gone")
def who_left_is_gone() -> Proof:
    """Of whoever deleted their account nothing is left that names them or opens anything."""
    return prove_none(
        rows="SELECT count(*) FROM parties_person WHERE email LIKE '%%@gone.invalid'",
        breaches="""
            SELECT 'person ' || person.id || ' left, and ' || rest.what || ' did not'
            FROM parties_person person CROSS JOIN LATERAL (
                SELECT 'the name' AS what WHERE person.name <> '' OR person.is_active
                UNION ALL SELECT 'a consent' FROM wallet_consent
                WHERE person_id = person.id AND withdrawn_at IS NULL
                UNION ALL SELECT 'a phone' FROM wallet_device
                WHERE person_id = person.id AND (blocked_at IS NULL OR name <> '')
                UNION ALL SELECT 'an address' FROM wallet_contact_details
                WHERE person_id = person.id
                UNION ALL SELECT 'a birthday' FROM wallet_birthday WHERE person_id = person.id
                UNION ALL SELECT 'a declaration' FROM wallet_declaration
                WHERE person_id = person.id
                UNION ALL SELECT 'a PIN' FROM wallet_presence_pin WHERE person_id = person.id
                UNION ALL SELECT 'a card' FROM wallet_card WHERE person_id = person.id
                UNION ALL SELECT 'a live card' FROM wallet_live_card
                WHERE person_id = person.id
                UNION ALL SELECT 'a photo' FROM wallet_card_photo WHERE person_id = person.id
                UNION ALL SELECT 'a share of a card' FROM wallet_card_share
                WHERE person.id IN (person_id, owner_id)
                UNION ALL SELECT 'an invitation to a card' FROM wallet_card_invitation
                WHERE person.id IN (invited_id, owner_id)
                UNION ALL SELECT 'a file of cards' FROM wallet_card_import
                WHERE person_id = person.id
                UNION ALL SELECT 'a phone with notifications' FROM wallet_push_subscription
                WHERE person_id = person.id
                UNION ALL SELECT 'a notification' FROM wallet_push_notice
                WHERE person_id = person.id
                UNION ALL SELECT 'wishes' FROM wallet_push_settings
                WHERE person_id = person.id
            ) rest
            WHERE person.email LIKE '%%@gone.invalid'
        """,
    )


@invariant("receipts_agree_with_sales")
def receipts_agree_with_sales() -> Proof:
    """Every receipt has the person, the merchant and the mode of its closed sale."""
    return prove_none(
        rows="SELECT count(*) FROM wallet_receipt",
        breaches="""
            SELECT 'receipt ' || receipt.id || ' and sale ' || receipt.sale_id || ' do not agree'
            FROM wallet_receipt receipt LEFT JOIN trade_sale sale ON sale.id = receipt.sale_id
            WHERE sale.id IS NULL OR sale.state <> 'closed' OR sale.mode <> receipt.mode
               OR sale.person_id IS DISTINCT FROM receipt.person_id
               OR sale.merchant_id <> receipt.merchant_id
        """,
    )


@invariant("members_have_their_receipts")
def members_have_their_receipts() -> Proof:
    """Every closed sale of a member has its receipt, once its event has been handled."""
    return prove_none(
        rows="SELECT count(*) FROM trade_sale WHERE state = 'closed' AND person_id IS NOT NULL",
        breaches=f"""
            SELECT 'sale ' || sale.id || ' has no receipt'
            FROM trade_sale sale LEFT JOIN wallet_receipt receipt ON receipt.sale_id = sale.id
            WHERE sale.state = 'closed' AND sale.person_id IS NOT NULL AND receipt.id IS NULL
              AND sale.id NOT IN ({WAITING})
        """,  # noqa: S608 -- a constant of ours
    )


@invariant("card_balances_add_up")
def card_balances_add_up() -> Proof:
    """Every card's balance is the sum of what went on and off it, and none without a change."""
    return prove_none(
        rows="SELECT count(*) FROM wallet_card",
        breaches="""
            SELECT 'card ' || card.id || ' has balance ' || coalesce(card.balance::text, 'none')
                   || ' where its changes make ' || coalesce(sum(change.delta)::text, 'none')
            FROM wallet_card card
            LEFT JOIN wallet_card_balance_change change ON change.card_id = card.id
            GROUP BY card.id HAVING card.balance IS DISTINCT FROM sum(change.delta)
        """,
    )


@invariant("cards_are_counted")
def cards_are_counted() -> Proof:
    """Every shelf counts its cards and photos, and no card has a cursor that is still to come."""
    return prove_none(
        rows="SELECT count(*) FROM wallet_card_shelf",
        breaches="""
            SELECT 'shelf of person ' || shelf.person_id || ' counts ' || shelf.cards
                   || ' cards and ' || shelf.photo_bytes || ' bytes of photos'
            FROM wallet_card_shelf shelf
            WHERE shelf.cards <> (SELECT count(*) FROM wallet_card card
                                  WHERE card.person_id = shelf.person_id AND NOT card.removed)
               OR shelf.photo_bytes <> (SELECT coalesce(sum(octet_length(photo.content)), 0)
                                        FROM wallet_card_photo photo
                                        WHERE photo.person_id = shelf.person_id)
               OR shelf.cursor < (SELECT max(card.cursor) FROM wallet_card card
                                  WHERE card.person_id = shelf.person_id)
        """,
    )


@invariant("cards_come_from_edits")
def cards_come_from_edits() -> Proof:
    """Every field of a card names an edit of that card that wrote it."""
    return prove_none(
        rows="SELECT count(*) FROM wallet_card",
        breaches="""
            SELECT 'card ' || card.id || ' has a ' || version.key || ' from no edit'
            FROM wallet_card card CROSS JOIN jsonb_each(card.versions) version
            WHERE NOT EXISTS (
                SELECT 1 FROM wallet_card_change change
                WHERE change.card_id = card.id AND change.uuid::text = version.value ->> 2
                  AND change.fields ? split_part(version.key, '/', 1))
        """,
    )


@invariant("notifications_go_to_their_person")
def notifications_go_to_their_person() -> Proof:
    """Every phone with notifications is signed in as their person, who said what they want.

    And nothing is on its way to a phone that is not for its person.
    """
    return prove_none(
        rows="SELECT count(*) FROM wallet_push_subscription",
        breaches="""
            SELECT 'phone ' || phone.id || ' shows notifications of person ' || phone.person_id
                   || ', who is not signed in there'
            FROM wallet_push_subscription phone
            JOIN parties_browser_session session ON session.id = phone.session_id
            WHERE session.person_id <> phone.person_id
            UNION ALL
            SELECT 'person ' || phone.person_id || ' has phones with notifications, and no wishes'
            FROM wallet_push_subscription phone
            WHERE NOT EXISTS (SELECT FROM wallet_push_settings settings
                              WHERE settings.person_id = phone.person_id)
            UNION ALL
            SELECT 'notification ' || notice.id || ' is on its way to the phone of another'
            FROM wallet_push_delivery delivery
            JOIN wallet_push_notice notice ON notice.id = delivery.notice_id
            JOIN wallet_push_subscription phone ON phone.id = delivery.subscription_id
            WHERE delivery.state = 'waiting' AND phone.person_id <> notice.person_id
        """,
    )


@invariant("card_shares_hold")
def card_shares_hold() -> Proof:
    """No card is shared that was removed; what is shared has a name of its own on its shelf.

    Nobody booked on another's card before they had it, or after.
    """
    return prove_none(
        rows="SELECT count(*) FROM wallet_card_share",
        breaches=f"""
            SELECT 'share ' || share.id || ' ' || wrong.how
            FROM wallet_card_share share
            LEFT JOIN wallet_card card ON card.id = share.card_id
            LEFT JOIN wallet_card_shelf shelf ON shelf.person_id = share.person_id
            CROSS JOIN LATERAL (
                SELECT 'is in force, and its card was removed' AS how
                WHERE share.ended_at IS NULL AND card.removed
                UNION ALL SELECT 'has a cursor that is still to come'
                WHERE share.cursor > shelf.cursor
                UNION ALL SELECT 'has the name or the cursor of a card of the same person'
                FROM wallet_card other WHERE other.person_id = share.person_id
                    AND (other.uuid = share.uuid OR other.cursor = share.cursor)
                UNION ALL SELECT 'did not last while something was booked by it'
                FROM wallet_card_balance_change change WHERE change.share_id = share.id
                    AND (change.recorded_at < share.accepted_at - interval '{IN_FLIGHT}'
                         OR change.recorded_at > share.ended_at + interval '{IN_FLIGHT}')
            ) wrong
        """,  # noqa: S608 -- a constant of ours
    )
