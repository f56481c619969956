DROP TRIGGER scheme_version_starts_once ON loyalty_scheme_version;
DROP FUNCTION scheme_version_starts_once();
DROP TRIGGER scheme_version_stays_as_published ON loyalty_scheme_version;
DROP TRIGGER scheme_version_is_never_deleted ON loyalty_scheme_version;
ALTER TABLE loyalty_scheme_offer DROP CONSTRAINT scheme_offer_of_same_merchant;
ALTER TABLE loyalty_scheme_version DROP CONSTRAINT scheme_version_back_to_of_same_merchant;
ALTER TABLE loyalty_scheme
    DROP CONSTRAINT scheme_in_force_of_same_merchant,
    DROP CONSTRAINT scheme_scheduled_of_same_merchant;
