-- Only a card's owner shares it; live and test people never share one.
ALTER TABLE wallet_card_invitation
    ADD CONSTRAINT card_invitation_of_owner
    FOREIGN KEY (card_id, owner_id) REFERENCES wallet_card (id, person_id),
    ADD CONSTRAINT card_invitation_owner_mode
    FOREIGN KEY (owner_id, mode) REFERENCES parties_person (id, mode),
    ADD CONSTRAINT card_invitation_invited_mode
    FOREIGN KEY (invited_id, mode) REFERENCES parties_person (id, mode);
ALTER TABLE wallet_card_share
    ADD CONSTRAINT card_share_of_owner
    FOREIGN KEY (card_id, owner_id) REFERENCES wallet_card (id, person_id),
    ADD CONSTRAINT card_share_owner_mode
    FOREIGN KEY (owner_id, mode) REFERENCES parties_person (id, mode),
    ADD CONSTRAINT card_share_person_mode
    FOREIGN KEY (person_id, mode) REFERENCES parties_person (id, mode);

-- What somebody booked, they booked on the card that was shared with them.
ALTER TABLE wallet_card_balance_change
    ADD CONSTRAINT card_balance_change_of_share
    FOREIGN KEY (share_id, card_id) REFERENCES wallet_card_share (id, card_id);

-- A share that ended stays so.
CREATE FUNCTION wallet_card_share_stays_ended() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a share that ended does not begin again' USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER card_share_stays_ended BEFORE UPDATE ON wallet_card_share
    FOR EACH ROW WHEN (OLD.ended_at IS NOT NULL AND NEW.ended_at IS NULL)
    EXECUTE FUNCTION wallet_card_share_stays_ended();
