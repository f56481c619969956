ALTER TABLE wallet_push_subscription DROP CONSTRAINT push_subscription_has_its_keys;
ALTER TABLE wallet_push_delivery
    DROP CONSTRAINT push_delivery_ends_with_its_notice,
    DROP CONSTRAINT push_delivery_ends_with_its_phone;
ALTER TABLE wallet_push_subscription DROP CONSTRAINT push_subscription_ends_with_its_session;
