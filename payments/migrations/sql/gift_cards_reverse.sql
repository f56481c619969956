DROP FUNCTION payments_gift_card_refund;
DROP FUNCTION payments_gift_card_spend;
DROP FUNCTION payments_gift_card_release;
DROP FUNCTION payments_gift_card_hold;
DROP FUNCTION payments_gift_card_aside;
DROP FUNCTION payments_gift_card_to_pay;
DROP FUNCTION payments_gift_card_put;
DROP FUNCTION payments_gift_card_book;
DROP TRIGGER gift_card_keeps_its_number ON payments_gift_card;
DROP TRIGGER gift_card_is_never_deleted ON payments_gift_card;
DROP TRIGGER gift_card_booking_never_changes ON payments_gift_card_booking;
ALTER TABLE payments_gift_card_booking
    DROP CONSTRAINT gift_card_booking_return_of_same_merchant_and_mode,
    DROP CONSTRAINT gift_card_booking_sale_of_same_merchant_and_mode,
    DROP CONSTRAINT gift_card_booking_of_same_merchant_and_mode;
