DROP FUNCTION checkout_look;
