-- Signing out, a cleaned-up session and a new key after a password change all take the row away.
ALTER TABLE parties_browser_session
    ADD CONSTRAINT browser_session_ends_with_its_session
    FOREIGN KEY (session_key) REFERENCES django_session (session_key) ON DELETE CASCADE;
