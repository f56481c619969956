DROP FUNCTION loyalty_assigned;
ALTER TABLE loyalty_assignment
    DROP CONSTRAINT assignment_member_of_same_merchant_and_mode,
    DROP CONSTRAINT assignment_offer_of_same_merchant;
