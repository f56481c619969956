ALTER FUNCTION loyalty_settle RESET plan_cache_mode;
