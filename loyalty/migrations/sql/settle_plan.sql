-- What a sale's offers are looked up by comes as arrays, and PostgreSQL takes a plan made for these very arrays for
-- cheaper than a kept one, each time: planning it took five times as long as running it.
ALTER FUNCTION loyalty_settle SET plan_cache_mode = force_generic_plan;
