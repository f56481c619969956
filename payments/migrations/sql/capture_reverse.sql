DROP FUNCTION payments_capture;
