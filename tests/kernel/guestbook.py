"""A guest book in PostgreSQL: SQL functions that only the tests of ``later`` call.

It has a schema of its own, which is dropped with all that is in it.
"""

from collections.abc import Iterable, Mapping

from okplatform.kernel import db
from okplatform.kernel.events import publish
from okplatform.kernel.later import Later
from tests.kernel.post import ParcelSent, deeds, note, sent, waiting
from tests.support.world import NOW

OPEN = """
CREATE SCHEMA guestbook;
CREATE TABLE guestbook.line (number serial PRIMARY KEY, word text NOT NULL);

-- Writes a word; returns all there are, as the book then reads.
CREATE FUNCTION guestbook.write(the_word text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO guestbook.line (word) VALUES (the_word);
    RETURN (SELECT string_agg(word, ' ' ORDER BY number) FROM guestbook.line);
END
$$;

CREATE FUNCTION guestbook.refuse(code text, why text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF why IS NULL THEN
        RAISE EXCEPTION 'the book is closed' USING ERRCODE = code;
    END IF;
    RAISE EXCEPTION 'the book is closed' USING ERRCODE = code, DETAIL = why;
END
$$;

-- A rude word is found out as late as there is: while the transaction commits.
CREATE FUNCTION guestbook.object() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'that is no way to talk' USING ERRCODE = 'check_violation';
END
$$;
CREATE CONSTRAINT TRIGGER polite AFTER INSERT ON guestbook.line
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (new.word = 'rude') EXECUTE FUNCTION guestbook.object();
"""
CLOSE = "DROP SCHEMA guestbook CASCADE"
READ = "SELECT word FROM guestbook.line ORDER BY number"
CLOSED = "OK901"


class BookClosedError(Exception):
    """The book refused; it says why, if it was told."""


def write(word: str) -> Later[str]:
    """Write a word, later; the value will be all words that are there then."""
    return db.later("guestbook.write(%s)", [word])


def refuse(why: str | None = "7", *, code: str = CLOSED) -> Later[None]:
    """Refuse, later."""
    return db.later("guestbook.refuse(%s, %s)", [code, why], refusals={CLOSED: BookClosedError})


def words() -> list[str]:
    """Return what is written, in order."""
    return [word for (word,) in db.call(READ)]


def tell(parcel: str) -> None:
    """Say all that an action can say besides its change."""
    note(parcel)
    publish(ParcelSent(parcel=parcel), now=NOW)


def nothing_is_kept() -> bool:
    return (words(), deeds(), sent(), waiting()) == ([], [], [], [])


def statements(asked: Iterable[Mapping[str, str | None]]) -> list[str]:
    """Return what PostgreSQL was asked, but for what only opens or leaves a transaction.

    A query without a text was refused before it was sent.
    """
    bounds = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")
    texts = [query["sql"] for query in asked]
    return [text for text in texts if text is not None and not text.startswith(bounds)]
