DROP TRIGGER receipt_letter_of_person ON wallet_receipt_letter;
DROP TRIGGER warranty_of_line ON wallet_warranty;
DROP TRIGGER warranty_of_person ON wallet_warranty;
DROP FUNCTION wallet_warranty_is_of_a_line();
DROP FUNCTION wallet_is_of_the_receipts_person();
