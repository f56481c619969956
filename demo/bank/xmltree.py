"""XML as nested calls, which then reads like the file it makes."""

from xml.etree import ElementTree as ET

from demo.bank.values import printable

Node = ET.Element


def node(tag: str, *children: Node | str | None, **attributes: str) -> Node:
    """Make an element of its children, or of its text; None is left out."""
    made = ET.Element(tag, attributes)
    for child in children:
        if isinstance(child, str):
            made.text = printable(child)
        elif child is not None:
            made.append(child)
    return made


def maybe(tag: str, *children: Node | str | None, **attributes: str) -> Node | None:
    """Make an element, or none where it would be empty: no schema here allows that."""
    some = [child for child in children if child is not None and child != ""]
    return node(tag, *some, **attributes) if some else None


def document(kind: str, root: Node) -> bytes:
    """Write a whole file in the namespace of its kind ("camt.053.001.08")."""
    outer = node("Document", root, xmlns=f"urn:iso:std:iso:20022:tech:xsd:{kind}")
    ET.indent(outer)
    written: bytes = ET.tostring(outer, encoding="utf-8", xml_declaration=True)
    return written + b"\n"
