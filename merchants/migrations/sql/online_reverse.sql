DROP TRIGGER link_is_never_deleted ON merchants_payment_link;
DROP TRIGGER link_stays_as_made ON merchants_payment_link;
DROP TRIGGER online_payment_is_never_deleted ON merchants_online_payment;
DROP TRIGGER online_payment_stays_as_asked ON merchants_online_payment;
DROP TRIGGER online_payment_begins_created ON merchants_online_payment;
DROP FUNCTION online_refuse;
DROP TRIGGER online_payment_moves ON merchants_online_payment;
DROP FUNCTION online_move;
ALTER TABLE merchants_online_payment
    DROP CONSTRAINT online_payment_sale_of_same_merchant_and_mode,
    DROP CONSTRAINT online_payment_person_of_same_mode,
    DROP CONSTRAINT online_payment_link_of_same_merchant_and_mode,
    DROP CONSTRAINT online_payment_store_of_same_merchant;
ALTER TABLE merchants_payment_link DROP CONSTRAINT link_store_of_same_merchant;
