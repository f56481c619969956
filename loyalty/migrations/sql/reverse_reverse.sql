DROP TRIGGER points_debt_only_gets_smaller ON loyalty_points_debt;
DROP TRIGGER points_debt_is_never_deleted ON loyalty_points_debt;
DROP TRIGGER offer_reversal_never_changes ON loyalty_offer_reversal;
DROP TRIGGER reversal_never_changes ON loyalty_reversal;
DROP FUNCTION loyalty_refuse;
DROP FUNCTION loyalty_pay_debts;
DROP FUNCTION loyalty_reverse;
DROP FUNCTION loyalty_give_back;
DROP FUNCTION loyalty_take_points;
ALTER TABLE loyalty_offer_reversal
    DROP CONSTRAINT offer_reversal_return_of_same_merchant_and_mode,
    DROP CONSTRAINT offer_reversal_of_same_merchant;
ALTER TABLE loyalty_reversal
    DROP CONSTRAINT reversal_return_of_same_merchant_and_mode,
    DROP CONSTRAINT reversal_member_of_same_merchant_and_mode;
