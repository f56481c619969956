-- A file has at most as many cards as its readers take, in a size that a page can open.
ALTER TABLE wallet_card_import
    ADD CONSTRAINT card_import_rows_fit CHECK (
        jsonb_typeof(rows) = 'array' AND jsonb_array_length(rows) <= 10000
        AND pg_column_size(rows) <= 67108864),
    ADD CONSTRAINT card_import_problems_fit CHECK (
        jsonb_typeof(problems) = 'array' AND jsonb_array_length(problems) <= 20000);

ALTER TABLE wallet_card_import_photo
    ADD CONSTRAINT card_import_photo_of_person
    FOREIGN KEY (card_import_id, person_id) REFERENCES wallet_card_import (id, person_id)
    ON DELETE CASCADE,
    ADD CONSTRAINT card_import_photo_is_small CHECK (octet_length(content) BETWEEN 1 AND 1000000),
    ADD CONSTRAINT card_import_photo_is_what_it_says CHECK (encode(sha256(content), 'hex') = digest);
