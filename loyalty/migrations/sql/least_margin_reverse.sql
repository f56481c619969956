DROP FUNCTION loyalty_floor;
