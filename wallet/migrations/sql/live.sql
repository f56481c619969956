-- A live card is of the person who keeps the card.
ALTER TABLE wallet_live_card
    ADD CONSTRAINT live_card_of_person
    FOREIGN KEY (card_id, person_id) REFERENCES wallet_card (id, person_id);
