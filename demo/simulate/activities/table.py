"""Every activity, and its cards in the deck. A new one is a function and a line here."""

from collections.abc import Mapping

from demo.simulate.activities import (
    banking,
    capturing,
    cards,
    confirming,
    links,
    online_trouble,
    paying_online,
    people,
    proving,
    refunding,
    selling,
    trouble,
    works,
)
from demo.simulate.town import Activity

SELLING: Mapping[Activity, int] = {
    selling.sell: 36,
    selling.quote_and_sell: 8,
    selling.look_up: 2,
}
ONLINE: Mapping[Activity, int] = {
    paying_online.pay_on_page: 6,
    paying_online.pay_and_go: 1,
    paying_online.authorise: 2,
    paying_online.forget_to_capture: 2,
    paying_online.send_goods: 3,
    paying_online.send_in_parts: 2,
    paying_online.release_the_rest: 2,
    paying_online.ask_again: 2,
    **dict.fromkeys(
        (
            paying_online.cancel_what_was_promised,
            paying_online.decline,
            paying_online.cancel_when_shown,
            paying_online.pay_too_late,
            online_trouble.lose_answer,
            online_trouble.tap_twice,
            online_trouble.tap_two_at_once,
            online_trouble.pay_and_cancel_at_once,
            online_trouble.type_a_wrong_pin,
            online_trouble.pay_what_changed,
            online_trouble.take_the_last_of_an_offer,
            capturing.capture_too_much,
            online_trouble.pay_when_time_ends,
            capturing.capture_too_late,
            capturing.capture_when_time_ends,
            capturing.repeat_capture,
            capturing.capture_at_once,
            capturing.capture_and_cancel_at_once,
            capturing.die_in_a_capture,
            online_trouble.die_in_an_authorisation,
            links.pay_once,
            links.pay_once_at_once,
            links.pay_often,
        ),
        1,
    ),
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
        trouble.send_at_once,
        trouble.show_at_once,
        trouble.pay_and_give_up_at_once,
        trouble.die_in_a_sale,
        trouble.ask_again,
    ),
    2,
)
CONFIRMING: Mapping[Activity, int] = dict.fromkeys(
    (
        confirming.say_no,
        confirming.never_answer,
        confirming.answer_too_late,
        confirming.act_too_late,
        confirming.lose_the_verdict,
        confirming.tap_twice,
        confirming.tap_on_two_phones,
        confirming.say_yes_and_no_at_once,
        confirming.lose_the_network,
        confirming.answer_what_was_given_up,
        confirming.answer_and_give_up_at_once,
    ),
    1,
)
RETURNS: Mapping[Activity, int] = {
    refunding.give_back_a_line: 8,
    refunding.give_back_an_amount: 6,
    refunding.give_back_in_the_console: 3,
    refunding.give_back_elsewhere: 4,
    refunding.give_back_what_was_collected: 6,
    refunding.give_back_in_parts: 2,
    refunding.repeat: 2,
    refunding.lose_answer: 2,
    refunding.change_what_was_given_back: 2,
    refunding.give_back_of_nothing: 1,
    refunding.spend_points_and_give_back: 2,
    refunding.give_back_at_once: 2,
    refunding.die_in_a_refund: 2,
    refunding.ask_again: 1,
}
PEOPLE: Mapping[Activity, int] = {
    people.join: 2,
    people.add_account: 2,
    people.change_account: 2,
    people.sign: 1,
    people.withdraw: 1,
    people.remove_account: 2,
    people.pay_debts: 1,
    people.choose_refund_account: 1,
    people.pay_invoices: 1,
    proving.add_account: 2,
    proving.type_codes: 3,
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
    cards.settle_cards: 2,
}
ACTIVITIES: Mapping[Activity, int] = {
    **SELLING,
    **ONLINE,
    **TROUBLE,
    **CONFIRMING,
    **RETURNS,
    **PEOPLE,
    **WORKS,
    **BANKING,
}

ROUND: tuple[Activity, ...] = (
    *works.OUTWARD,
    banking.go_to_work,
    works.take,
    works.settle,
    works.hand_over_events,
)
"""What comes up several times a day, whatever chance says."""
