DROP TRIGGER card_share_stays_ended ON wallet_card_share;
DROP FUNCTION wallet_card_share_stays_ended();
ALTER TABLE wallet_card_balance_change DROP CONSTRAINT card_balance_change_of_share;
ALTER TABLE wallet_card_share
    DROP CONSTRAINT card_share_person_mode,
    DROP CONSTRAINT card_share_owner_mode,
    DROP CONSTRAINT card_share_of_owner;
ALTER TABLE wallet_card_invitation
    DROP CONSTRAINT card_invitation_invited_mode,
    DROP CONSTRAINT card_invitation_owner_mode,
    DROP CONSTRAINT card_invitation_of_owner;
