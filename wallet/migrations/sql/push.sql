-- What is on its way to a phone goes with the phone, and the phone with the sign-in there, however that ends:
-- also where Django's own clean-up deletes the session.
ALTER TABLE wallet_push_subscription
    ADD CONSTRAINT push_subscription_ends_with_its_session
    FOREIGN KEY (session_id) REFERENCES parties_browser_session (id) ON DELETE CASCADE;
ALTER TABLE wallet_push_delivery
    ADD CONSTRAINT push_delivery_ends_with_its_phone
    FOREIGN KEY (subscription_id) REFERENCES wallet_push_subscription (id) ON DELETE CASCADE,
    ADD CONSTRAINT push_delivery_ends_with_its_notice
    FOREIGN KEY (notice_id) REFERENCES wallet_push_notice (id) ON DELETE CASCADE;
-- What RFC 8291 takes: an uncompressed point on P-256, and a secret of 16 bytes.
ALTER TABLE wallet_push_subscription
    ADD CONSTRAINT push_subscription_has_its_keys
    CHECK (octet_length(p256dh) = 65 AND get_byte(p256dh, 0) = 4 AND octet_length(auth) = 16);
