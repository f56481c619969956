"""What pain.001 and pain.008 have in common, around sepaxml (pure).

sepaxml builds the document and adds up its totals, but names the message and its batches at random,
reads the clock itself, and knows no structured references. So its document is taken as it comes and
these are set, which makes a file repeatable and its batches known before the bank books them.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from xml.etree.ElementTree import Element, SubElement, tostring

from defusedxml.ElementTree import fromstring

from payments.bankfiles.orders import Batch, Order
from payments.bankfiles.schemas import validate

_ORDERS = ("CdtTrfTxInf", "DrctDbtTxInf")


def finished(
    document: bytes,
    *,
    schema: str,
    message_id: str,
    created_at: datetime,
    batches: Sequence[Batch],
) -> bytes:
    """Return sepaxml's document with our names in it, valid by its schema.

    Raises ``schemas.SchemaBreach``.
    """
    root = _without_namespaces(fromstring(document))
    root.set("xmlns", f"urn:iso:std:iso:20022:tech:xsd:{schema}")
    message = root[0]
    _set(message, "GrpHdr/MsgId", message_id)
    _set(message, "GrpHdr/CreDtTm", created_at.isoformat(timespec="seconds"))
    for written, batch in zip(message.findall("PmtInf"), batches, strict=True):
        _set(written, "PmtInfId", batch.batch_id)
        _provide_agent(written)
        orders = {order.end_to_end_id: order for order in batch.orders}
        for name in _ORDERS:
            for element in written.findall(name):
                _say_what_for(element, orders)
    result: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    validate(result, schema)
    return result


def _without_namespaces(root: Element) -> Element:
    """Return the tree with bare names: ElementTree would write a prefix before each of them."""
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
    return root


def _set(element: Element, path: str, text: str) -> None:
    found = element.find(path)
    if found is None:
        message = f"sepaxml wrote no {path}"
        raise LookupError(message)
    found.text = text


def _provide_agent(batch: Element) -> None:
    """Say that our BIC is not given, where sepaxml says nothing: banks ask for one or the other."""
    agent = batch.find("DbtrAgt/FinInstnId")
    if agent is not None and not len(agent):
        SubElement(SubElement(agent, "Othr"), "Id").text = "NOTPROVIDED"


def _say_what_for(element: Element, orders: Mapping[str, Order]) -> None:
    """Put the structured reference in the place of the text; leave out what is empty."""
    order = orders[element.findtext("PmtId/EndToEndId", "")]
    remittance = element.find("RmtInf")
    if remittance is None:
        return
    if order.structured:
        remittance.clear()
        reference = SubElement(SubElement(remittance, "Strd"), "CdtrRefInf")
        kind = SubElement(reference, "Tp")
        SubElement(SubElement(kind, "CdOrPrtry"), "Cd").text = "SCOR"
        SubElement(kind, "Issr").text = "ISO"
        SubElement(reference, "Ref").text = order.structured
    elif not remittance.findtext("Ustrd"):
        element.remove(remittance)
