"""Where things lie: rooms, the map, templates."""

from pathlib import Path

from django.template import TemplateSyntaxError, engines
from django.template.loader import get_template

from tests.architecture.gates.rooms import strange_rooms, untrue_map
from tests.architecture.gates.templates import blocked_by_csp, wrong_joins
from tests.architecture.gates.tree import ROOT, listed, plant


def test_every_room_has_a_name_the_map_knows() -> None:
    assert listed(strange_rooms(ROOT)) == ""


def test_a_room_with_a_strange_name_is_caught(tmp_path: Path) -> None:
    plant(tmp_path, "docs/map.md", "- `wallet/codes.py`: codes\n- `merchants/checkout/`: tills\n")
    plant(tmp_path, "wallet/codes.py", "")
    plant(tmp_path, "wallet/utils.py", "")
    plant(tmp_path, "wallet/models/device.py", "")
    plant(tmp_path, "payments/actions.py", "")
    plant(tmp_path, "merchants/checkout/api/sales.py", "")
    plant(tmp_path, "merchants/checkout/services/sales.py", "")
    plant(tmp_path, "tests/unit/test_codes.py", "")
    assert [str(found) for found in strange_rooms(tmp_path)] == [
        "wallet/utils.py:1: is neither a room nor named in docs/map.md",
        "payments/actions.py:1: actions is a folder, one verb per file",
        "merchants/checkout/services:1: is neither a room nor named in docs/map.md",
        "tests/unit:1: tests lie in a folder named after their app",
    ]


def test_the_map_is_true() -> None:
    assert listed(untrue_map(ROOT)) == ""


def test_a_forgotten_folder_and_a_line_about_nothing_are_caught(tmp_path: Path) -> None:
    plant(tmp_path, "docs/map.md", "- `docs/`: words\n- `okplatform/`: the base\n- `gone/`: was\n")
    plant(tmp_path, "okplatform/extra/__init__.py", "")
    plant(tmp_path, "scripts/run.sh", "")
    assert [str(found) for found in untrue_map(tmp_path)] == [
        "okplatform/extra:1: has no line in docs/map.md",
        "scripts:1: has no line in docs/map.md",
        "docs/map.md:1: names gone, which is not there",
    ]


def test_templates_extend_shells_and_include_components_or_their_own() -> None:
    assert listed(wrong_joins(ROOT)) == ""


def test_a_template_that_reaches_into_another_app_is_caught(tmp_path: Path) -> None:
    good = '{% extends "shells/wallet.html" %}{% include "wallet/_code.html" %}'
    plant(tmp_path, "templates/wallet/home.html", good)
    plant(tmp_path, "templates/wallet/code.html", '{% extends "wallet/home.html" %}')
    plant(tmp_path, "templates/merchants/live.html", '\n{% include "wallet/_code.html" %}')
    plant(tmp_path, "templates/loyalty/any.html", "{% include template %}")
    plant(tmp_path, "templates/components/card.html", '{% include "components/money.html" %}')
    plant(tmp_path, "templates/misc/page.html", "")
    assert sorted(map(str, wrong_joins(tmp_path))) == [
        "templates/loyalty/any.html:1: "
        "include template: name the template itself, so that it can be checked",
        "templates/merchants/live.html:2: "
        "include wallet/_code.html: only a component or a part of its own app",
        "templates/misc/page.html:1: belongs to no app: templates/<app label>/",
        "templates/wallet/code.html:1: extends wallet/home.html: only a shell",
    ]


def test_templates_hold_nothing_the_csp_blocks() -> None:
    assert listed(blocked_by_csp(ROOT)) == ""


def test_inline_scripts_styles_and_handlers_are_caught(tmp_path: Path) -> None:
    lines = (
        '<script src="/static/js/a.js" type="module"></script>',
        '<script type="importmap">{}</script>',
        "<script>go()</script>",
        '<p style="color: red">',
        '<button onclick="go()">',
        '<option value="x" selected>',
        '<script data-x="y"\n type="application/json">{}</script>',
        '<script type="module"\n async>go()</script>',
    )
    plant(tmp_path, "templates/web/page.html", "\n".join(lines))
    assert [found.line for found in blocked_by_csp(tmp_path)] == [3, 4, 5, 9]


def test_every_template_compiles() -> None:
    for path in sorted((ROOT / "templates").rglob("*.*")):
        get_template(path.relative_to(ROOT / "templates").as_posix())


def test_a_template_that_does_not_compile_is_caught() -> None:
    try:
        engines["django"].from_string("{% if %}")
    except TemplateSyntaxError:
        return
    raise AssertionError
