DROP FUNCTION loyalty_lay_out_lots;
DROP FUNCTION loyalty_lapse;
DROP FUNCTION loyalty_expire_lots;
DROP FUNCTION loyalty_break;
DROP FUNCTION loyalty_activate_lots;
DROP FUNCTION loyalty_activate;
