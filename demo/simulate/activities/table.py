"""Every activity, and its cards in the deck. A new one is a function and a line here."""

from collections.abc import Mapping

from demo.simulate.activities import banking, people, selling, trouble, works
from demo.simulate.town import Activity

SELLING: Mapping[Activity, int] = {
    selling.sell: 60,
    selling.quote_and_sell: 12,
    selling.look_up: 3,
}
TROUBLE: Mapping[Activity, int] = dict.fromkeys(
    (
        trouble.repeat,
        trouble.lose_answer,
        trouble.lose_request,
        trouble.give_up_before_it_came,
        trouble.give_up_what_was_quoted,
        trouble.give_up_when_paid,
        trouble.send_out_of_order,
        trouble.change_what_was_paid,
        trouble.reuse_key,
        trouble.ask_another_amount,
        trouble.reuse_code,
        trouble.show_old_code,
        trouble.forge_code,
        trouble.say_no,
        trouble.never_answer,
        trouble.send_at_once,
        trouble.show_at_once,
        trouble.pay_and_give_up_at_once,
        trouble.die_in_a_sale,
        trouble.ask_again,
    ),
    2,
)
PEOPLE: Mapping[Activity, int] = {
    people.join: 2,
    people.add_account: 2,
    people.change_account: 2,
    people.sign: 1,
    people.withdraw: 1,
    people.remove_account: 2,
    people.pay_debts: 1,
    people.renew_terms: 1,
}
WORKS: Mapping[Activity, int] = {
    works.fold: 2,
    works.hand_over_events: 6,
    works.die_in_a_task: 5,
    works.do_a_task_at_once: 3,
    works.die_in_the_relay: 2,
    works.hand_over_events_at_once: 2,
    works.lose_the_line: 2,
    works.take_twice: 1,
    works.put_the_clock_back: 1,
    works.put_the_clock_ahead: 1,
}
BANKING: Mapping[Activity, int] = {
    banking.go_to_work: 3,
    banking.misbehave: 12,
    banking.clear_the_queue: 1,
}
ACTIVITIES: Mapping[Activity, int] = {**SELLING, **TROUBLE, **PEOPLE, **WORKS, **BANKING}

ROUND: tuple[Activity, ...] = (
    works.plan,
    works.send,
    works.order,
    works.expire,
    works.deliver,
    banking.go_to_work,
    works.take,
    works.settle,
    works.hand_over_events,
)
"""What comes up several times a day, whatever chance says."""
