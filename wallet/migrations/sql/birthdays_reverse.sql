DROP FUNCTION wallet_birthday_of;
