ALTER TABLE parties_apikey
    DROP CONSTRAINT api_key_partner_has_a_grant,
    DROP CONSTRAINT api_key_terminal_of_same_store,
    DROP CONSTRAINT api_key_store_of_same_merchant;
ALTER TABLE parties_membership DROP CONSTRAINT membership_store_of_same_merchant;
ALTER TABLE parties_terminal DROP CONSTRAINT terminal_store_of_same_merchant;
