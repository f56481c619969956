ALTER TABLE wallet_live_card DROP CONSTRAINT live_card_of_person;
