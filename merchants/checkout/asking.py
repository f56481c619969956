"""Ask the merchant's own loyalty system about a basket, where there is one."""

from loyalty.actions.ask_connector import Asker, ask_connector
from loyalty.connector import Heard, LineOfBasket, Question
from merchants.checkout.basket import Basket
from merchants.checkout.call import Call
from okplatform.parties.tills import StoreAtTill


def ask_other(
    call: Call,
    basket: Basket,
    store: StoreAtTill,
    person_id: int,
    connector_id: int,
    member_id: int,
) -> Heard | None:
    """Ask the merchant's own loyalty system about a basket as the till sent it."""

    def question(member: str) -> Question:
        return Question(
            member=member,
            mode=call.key.mode,
            sale=str(call.key.uuid),
            revision=basket.revision,
            store=store.store_reference,
            currency=basket.currency,
            lines=[
                LineOfBasket(
                    number=line.number,
                    sku=line.sku,
                    name=line.name,
                    category=line.category,
                    quantity=line.quantity,
                    unit=line.unit,
                    gross=line.gross,
                )
                for line in basket.goods
            ],
        )

    asker = Asker(
        person_id=person_id,
        merchant_id=call.key.merchant_id,
        actor=call.till.actor,
        is_scan=bool(basket.code),
        now=call.now,
    )
    return ask_connector(
        connector_id=connector_id, member_id=member_id, asker=asker, question=question
    )
