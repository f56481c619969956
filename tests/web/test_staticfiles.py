"""What phones get of our own modules and sheets: less than what we wrote, and the same."""

from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.storage import FileSystemStorage

from okplatform.web.staticfiles import COMMENT, IMPORT, StaticStorage, slim

STATIC = settings.BASE_DIR / "static"
WHOLE = '/* All of it. */\n@import "one.css";\n@import "two.css";\n'
ONE = "/*\n * The first.\n */\np {\n  color: red; /* stays */\n}\n"
TWO = "a {\n  color: blue;\n}\n"
MODULE = """/** Says hello. */
export const hello = () => "hello"; // stays

  // Goes.
export const site = "https://ok.example";
"""


class Folder:
    """Files as we wrote them, and what `collectstatic` makes of them."""

    def __init__(self, place: Path) -> None:
        self._sources = FileSystemStorage(location=place / "sources")
        self.storage = StaticStorage(location=place / "collected", base_url="/static/")
        self.put("css/whole.css", WHOLE)
        self.put("css/one.css", ONE)
        self.put("css/two.css", TWO)
        self.put("js/hello.js", MODULE)

    def put(self, name: str, text: str) -> None:
        """Write a file, in the place of the one that was there."""
        for storage in (self._sources, self.storage):
            path = Path(storage.path(name))
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)

    def collect(self) -> None:
        """Do what `collectstatic` does after copying."""
        names = ["css/whole.css", "css/one.css", "css/two.css", "js/hello.js"]
        done = list(self.storage.post_process({name: (self._sources, name) for name in names}))
        assert not any(isinstance(one[-1], Exception) for one in done)

    def read(self, name: str) -> str:
        """Return what a browser gets for a name."""
        return Path(self.storage.path(self.storage.stored_name(name))).read_text()


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def test_a_sheet_made_of_sheets_comes_as_one_in_their_order(folder: Folder) -> None:
    folder.collect()
    assert folder.read("css/whole.css") == f"{slim(ONE)}{TWO}"


def test_a_sheet_has_another_name_once_a_part_of_it_changed(folder: Folder) -> None:
    """Phones keep a name for ever."""
    folder.collect()
    before = folder.storage.stored_name("css/whole.css")
    folder.put("css/two.css", TWO.replace("blue", "navy"))
    folder.collect()
    assert folder.storage.stored_name("css/whole.css") != before
    assert "navy" in folder.read("css/whole.css")


def test_comments_stay_behind_and_nothing_else_does(folder: Folder) -> None:
    folder.collect()
    module = folder.read("js/hello.js")
    assert "Says" not in module
    assert "Goes" not in module
    assert 'export const hello = () => "hello"; // stays\n' in module
    assert "https://ok.example" in module
    assert "color: red; /* stays */" in folder.read("css/one.css")


@pytest.mark.parametrize("path", sorted((STATIC / "js").glob("*.js")), ids=lambda path: path.stem)
def test_no_text_of_a_module_begins_a_line_as_a_comment_does(path: Path) -> None:
    """Of text over several lines that would be taken for one, and left out."""
    text = path.read_text()
    for comment in COMMENT.finditer(text):
        assert slim(text[: comment.start()]).count("`") % 2 == 0, comment[0]


def test_every_sheet_named_in_another_is_there() -> None:
    for sheet in (STATIC / "css").glob("*.css"):
        parts = IMPORT.findall(sheet.read_text())
        assert len(parts) == sheet.read_text().count("@import")
        assert all((STATIC / "css" / f"{part}.css").is_file() for part in parts)
