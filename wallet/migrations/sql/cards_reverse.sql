DROP TRIGGER card_balance_change_stays ON wallet_card_balance_change;
DROP TRIGGER card_change_stays ON wallet_card_change;
DROP FUNCTION wallet_card_said_stays();
ALTER TABLE wallet_card_photo
    DROP CONSTRAINT card_photo_is_what_it_says,
    DROP CONSTRAINT card_photo_is_small;
ALTER TABLE wallet_card
    DROP CONSTRAINT card_logo_of_person,
    DROP CONSTRAINT card_back_of_person,
    DROP CONSTRAINT card_front_of_person;
ALTER TABLE wallet_card_balance_change DROP CONSTRAINT card_balance_change_of_person;
ALTER TABLE wallet_card_change DROP CONSTRAINT card_change_of_person;
