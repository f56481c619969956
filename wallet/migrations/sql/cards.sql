-- A change, a balance change and a card are of one person; a card shows only photos of its own person.
ALTER TABLE wallet_card_change
    ADD CONSTRAINT card_change_of_person
    FOREIGN KEY (card_id, person_id) REFERENCES wallet_card (id, person_id);
ALTER TABLE wallet_card_balance_change
    ADD CONSTRAINT card_balance_change_of_person
    FOREIGN KEY (card_id, person_id) REFERENCES wallet_card (id, person_id);
ALTER TABLE wallet_card
    ADD CONSTRAINT card_front_of_person
    FOREIGN KEY (person_id, front) REFERENCES wallet_card_photo (person_id, digest),
    ADD CONSTRAINT card_back_of_person
    FOREIGN KEY (person_id, back) REFERENCES wallet_card_photo (person_id, digest),
    ADD CONSTRAINT card_logo_of_person
    FOREIGN KEY (person_id, logo) REFERENCES wallet_card_photo (person_id, digest);

ALTER TABLE wallet_card_photo
    ADD CONSTRAINT card_photo_is_small CHECK (octet_length(content) BETWEEN 1 AND 1000000),
    ADD CONSTRAINT card_photo_is_what_it_says CHECK (encode(sha256(content), 'hex') = digest);

-- What was said about a card stays as it was said; only whoever erases a person may delete it.
CREATE FUNCTION wallet_card_said_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% rows are never changed', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER card_change_stays BEFORE UPDATE ON wallet_card_change
    FOR EACH STATEMENT EXECUTE FUNCTION wallet_card_said_stays();
CREATE TRIGGER card_balance_change_stays BEFORE UPDATE ON wallet_card_balance_change
    FOR EACH STATEMENT EXECUTE FUNCTION wallet_card_said_stays();
