"""The bank's own pages: where a customer approves a payment, and reads what an account did."""

from html import escape

from demo.bank.books import Books, Row
from demo.bank.values import euros

HTML = "text/html; charset=utf-8"
SHOWN = 50

_TEXTS = {
    "nl": {
        "bank": "Zandbank",
        "approve_title": "Betaling goedkeuren",
        "to": "Aan",
        "from": "Van rekening",
        "about": "Omschrijving",
        "approve": "Goedkeuren",
        "refuse": "Niet betalen",
        "over": "Deze betaling is al afgehandeld.",
        "balance": "Saldo",
        "nothing": "Nog niets op deze rekening.",
        "waiting": "onderweg",
        "demo": "Dit is de proefbank van de demo. Er is geen echt geld.",
    },
    "en": {
        "bank": "Zandbank",
        "approve_title": "Approve a payment",
        "to": "To",
        "from": "From account",
        "about": "Description",
        "approve": "Approve",
        "refuse": "Do not pay",
        "over": "This payment has been dealt with.",
        "balance": "Balance",
        "nothing": "Nothing on this account yet.",
        "waiting": "on its way",
        "demo": "This is the demo's sandbox bank. There is no real money.",
    },
}

_PAGE = """<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} – {bank}</title>
<style>
body {{ font: 17px/1.5 system-ui, sans-serif; margin: 0; background: #f2f4f8; color: #14213d }}
header {{ background: #14213d; color: #fff; padding: 14px 20px; font-weight: 600 }}
main {{ max-width: 420px; margin: 24px auto; padding: 24px; background: #fff; border-radius: 14px }}
dt {{ color: #55617a; font-size: 14px }} dd {{ margin: 0 0 12px }}
.amount {{ font-size: 34px; font-weight: 650 }}
button {{ font: inherit; width: 100%; padding: 13px; border-radius: 10px; margin-top: 10px }}
.yes {{ background: #14213d; color: #fff; border: 0 }}
.no {{ background: #fff; border: 1px solid #14213d; color: #14213d }}
li {{ padding: 10px 0; border-bottom: 1px solid #dde2ec; display: flex; gap: 12px }}
li span:first-child {{ flex: 1 }} ul {{ list-style: none; padding: 0 }}
footer {{ color: #55617a; font-size: 14px; text-align: center; padding: 12px }}
</style>
</head>
<body><header>{bank}</header><main><h1>{title}</h1>{content}</main><footer>{demo}</footer></body>
</html>
"""


def consent(initiation: Row, *, english: bool) -> bytes:
    """Show what a customer is asked to approve."""
    texts = _texts(english=english)
    facts = (
        (texts["to"], initiation["creditor_name"]),
        (texts["from"], initiation["debtor_iban"]),
        (texts["about"], initiation["text"]),
    )
    listed = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in facts)
    amount = f'<p class="amount">€ {_amount(initiation["amount"], english=english)}</p>'
    if initiation["state"] != "received":
        return _page(texts["approve_title"], f"{amount}<p>{escape(texts['over'])}</p>", texts)
    buttons = "".join(
        f'<button class="{kind}" name="decision" value="{value}">{escape(texts[value])}</button>'
        for kind, value in (("yes", "approve"), ("no", "refuse"))
    )
    content = f'{amount}<dl>{listed}</dl><form method="post">{buttons}</form>'
    return _page(texts["approve_title"], content, texts)


def account(books: Books, iban: str, *, english: bool) -> bytes:
    """Show what an account holds and did, newest first, and what is on its way to or from it."""
    texts = _texts(english=english)
    found = books.payments("iban = ? AND state <> 'rejected'", iban)
    lines = []
    for payment in reversed(found[-SHOWN:]):
        note = f" ({texts['waiting']})" if payment.state == "waiting" else ""
        amount = _amount(-payment.credited, english=english)
        lines.append(
            f"<li><span>{escape(payment.text or payment.end_to_end_id)}{note}</span>"
            f"<span>{amount}</span></li>"
        )
    balance = _amount(books.balance(iban), english=english)
    listed = f"<ul>{''.join(lines)}</ul>" if lines else f"<p>{escape(texts['nothing'])}</p>"
    content = f'<p>{texts["balance"]}</p><p class="amount">€ {balance}</p>{listed}'
    return _page(iban, content, texts)


def page(title: str, content: str, *, english: bool) -> bytes:
    """Return a page of the bank; ``content`` is HTML already."""
    return _page(title, content, _texts(english=english))


def _texts(*, english: bool) -> dict[str, str]:
    language = "en" if english else "nl"
    return {**_TEXTS[language], "language": language}


def _amount(cents: int, *, english: bool) -> str:
    written = euros(cents) if english else euros(cents).replace(".", ",")
    return f"−{written}" if cents < 0 else written


def _page(title: str, content: str, texts: dict[str, str]) -> bytes:
    return _PAGE.format(
        title=escape(title),
        content=content,
        bank=texts["bank"],
        demo=escape(texts["demo"]),
        language=texts["language"],
    ).encode()
