ALTER TABLE wallet_card_import_photo
    DROP CONSTRAINT card_import_photo_is_what_it_says,
    DROP CONSTRAINT card_import_photo_is_small,
    DROP CONSTRAINT card_import_photo_of_person;
ALTER TABLE wallet_card_import
    DROP CONSTRAINT card_import_problems_fit,
    DROP CONSTRAINT card_import_rows_fit;
