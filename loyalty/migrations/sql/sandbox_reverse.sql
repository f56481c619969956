DROP FUNCTION loyalty_turn_test_lots;
