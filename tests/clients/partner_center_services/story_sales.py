"""What is sold to a customer: offers, orders, subscriptions."""

from wording import (
    TRIAL,
    CUSTOMER,
    E3,
    ESSENTIALS,
    NOBODY,
    PREMIUM,
    SUBSCRIPTION,
    THREAT_PROTECTION,
    model,
    order,
)


def sales(world, person, program):
    orders(world, program)
    subscriptions(world, person, program)
    changes(world, program)
    offers(world, program)


def orders(world, program):
    customer = world["customer"]
    answer = program.call(
        "GET " + CUSTOMER + "/orders",
        "the orders",
        customer_id=customer,
        check=lambda it: it.value.items[0].line_items[0].quantity == 5
        and it.value.items[0].billing_cycle == "monthly",
    )
    first = (answer.json.get("items") or [{}])[0].get("id", NOBODY)
    one = CUSTOMER + "/orders/{order_id}"
    program.call(
        "GET " + one,
        "an order",
        customer_id=customer,
        order_id=first,
        check=lambda it: it.value.line_items[0].subscription_id == world["subscription"],
    )
    program.call(
        "GET " + one,
        "an order that is not there",
        404,
        20000,
        customer_id=customer,
        order_id=NOBODY,
    )
    addon = model(
        "OrderLineItem",
        line_item_number=1,
        offer_id=THREAT_PROTECTION,
        quantity=2,
        parent_subscription_id=world["subscription"],
    )
    program.call(
        "PATCH " + one,
        "adds an add-on to it",
        customer_id=customer,
        order_id=first,
        order=model("Order", id=first, line_items=[addon]),
        check=lambda it: len(it.value.line_items) == 2,
    )
    program.call(
        "GET " + SUBSCRIPTION + "/addons",
        "the add-ons of the subscription",
        customer_id=customer,
        subscription_id=world["subscription"],
        check=lambda it: [item.offer_id for item in it.value.items] == [THREAT_PROTECTION],
    )
    program.call(
        "POST " + CUSTOMER + "/carts/{cart_id}/checkout",
        "a cart that is not there",
        404,
        800008,
        customer_id=customer,
        cart_id=NOBODY,
    )
    program.call(
        "POST " + CUSTOMER + "/carts/{cart_id}/checkout",
        "a cart drafted by other means",
        201,
        customer_id=customer,
        cart_id=world["make_cart"](customer, E3),
        check=lambda it: it.value.orders[0].line_items[0].offer_id == E3,
    )


def subscriptions(world, person, program):
    customer, subscription = world["customer"], world["subscription"]
    names = {"customer_id": customer, "subscription_id": subscription}
    program.call(
        "GET " + CUSTOMER + "/subscriptions",
        "the subscriptions",
        customer_id=customer,
        check=lambda it: subscription in [item.id for item in it.value.items],
    )
    answer = program.call(
        "GET " + SUBSCRIPTION,
        "a subscription",
        **names,
        check=lambda it: it.value.quantity == 5
        and it.value.status == "active"
        and it.value.offer_id == PREMIUM,
    )
    program.call(
        "GET " + CUSTOMER + "/subscriptions",
        "those of an order",
        customer_id=customer,
        order_id=(answer.json or {}).get("orderId"),
        check=lambda it: subscription in [item.id for item in it.value.items],
    )
    program.call(
        "GET " + SUBSCRIPTION,
        "a subscription that is not there",
        404,
        20003,
        customer_id=customer,
        subscription_id=NOBODY,
    )
    patch = "PATCH " + SUBSCRIPTION
    program.call(
        patch,
        "more seats, nothing else said",
        **names,
        subscription=model("Subscription", id=subscription, quantity=7),
        check=lambda it: it.value.quantity == 7 and it.value.status == "active",
    )
    if answer.value is not None:
        answer.value.quantity, answer.value.friendly_name = 8, "Everybody"
        program.call(
            patch,
            "the whole resource back",
            **names,
            subscription=answer.value,
            check=lambda it: (it.value.quantity, it.value.friendly_name) == (8, "Everybody"),
        )
    program.call(
        patch,
        "more seats than are sold",
        400,
        2002,
        **names,
        subscription=model("Subscription", quantity=301),
    )
    program.call(
        patch,
        "suspended",
        **names,
        subscription=model("Subscription", status="suspended"),
        check=lambda it: it.value.status == "suspended",
    )
    program.call(
        patch,
        "more seats while it is suspended",
        400,
        2001,
        **names,
        subscription=model("Subscription", quantity=9),
    )
    program.call(
        patch,
        "active again",
        **names,
        subscription=model("Subscription", status="active"),
        check=lambda it: it.value.status == "active",
    )
    program.call(
        patch,
        "another billing cycle",
        400,
        2054,
        **names,
        subscription=model("Subscription", billing_cycle="annual"),
    )
    contact = SUBSCRIPTION + "/supportcontact"
    person.call(
        "GET " + contact,
        "whom to turn to",
        **names,
        check=lambda it: it.value.support_tenant_id == world["provider"],
    )
    through = order(person, world["of_reseller"], E3, 2, partner_id_on_record=world["reseller_mpn"])
    theirs = {"customer_id": world["of_reseller"], "subscription_id": through}
    program.call(
        "GET " + SUBSCRIPTION,
        "the reseller on record",
        **theirs,
        check=lambda it: it.value.partner_id == world["reseller_mpn"],
    )
    person.call(
        "PUT " + contact,
        "the reseller instead",
        **theirs,
        support_contact=model("SubscriptionsSupportContact", support_tenant_id=world["reseller"]),
        check=lambda it: it.value.support_tenant_id == world["reseller"] and it.value.name,
    )
    program.call(
        patch,
        "suspended, so that the relationship can end",
        **theirs,
        subscription=model("Subscription", status="suspended"),
    )
    person.call(
        "PUT " + contact,
        "somebody unknown",
        400,
        **names,
        support_contact=model("SubscriptionsSupportContact", support_tenant_id=NOBODY),
    )
    program.call(
        "GET " + SUBSCRIPTION + "/provisioningstatus",
        "how far it is",
        **names,
        check=lambda it: it.value.status == "success" and it.value.quantity == 8,
    )


def changes(world, program):
    customer = world["customer"]
    basic = order(program, customer, ESSENTIALS, 3)
    names = {"customer_id": customer, "subscription_id": basic}
    answer = program.call(
        "GET " + SUBSCRIPTION + "/upgrades",
        "what it can become",
        **names,
        check=lambda it: E3 in [item.target_offer.id for item in it.value.items],
    )
    if answer.value is not None and answer.value.items:
        upgrade = [item for item in answer.value.items if item.target_offer.id == E3][0]
        program.call(
            "POST " + SUBSCRIPTION + "/upgrades",
            "becomes that",
            (200, 201),
            **names,
            target_upgrade=upgrade,
            check=lambda it: it.value.source_subscription_id == basic,
        )
    answer = program.call(
        "GET " + SUBSCRIPTION + "/conversions",
        "what a trial can become",
        **names,
        check=lambda it: it.value.items == [],
    )
    names["subscription_id"] = order(program, customer, TRIAL, 25)
    answer = program.call(
        "GET " + SUBSCRIPTION + "/conversions",
        "what this trial can become",
        **names,
        check=lambda it: [item.target_offer_id for item in it.value.items] == [E3],
    )
    if answer.value is not None and answer.value.items:
        program.call(
            "POST " + SUBSCRIPTION + "/conversions",
            "the trial is bought",
            (200, 201),
            **names,
            target_conversion=answer.value.items[0],
            check=lambda it: it.value.subscription_id and it.value.error is None,
        )
    program.call(
        "POST " + SUBSCRIPTION + "/conversions",
        "to an offer it cannot become",
        400,
        customer_id=customer,
        subscription_id=world["subscription"],
        target_conversion=model(
            "SubscriptionsConversion", offer_id=PREMIUM, target_offer_id=NOBODY, quantity=1
        ),
    )
    names["subscription_id"] = world["subscription"]
    program.call(
        "GET " + SUBSCRIPTION + "/registrationstatus",
        "whether it is registered",
        **names,
        check=lambda it: it.value.status == "notregistered",
    )
    program.call(
        "POST " + SUBSCRIPTION + "/registrations", "nothing sold is registered", 400, 800030, **names
    )


def offers(world, program):
    customer = world["customer"]
    program.call(
        "GET /offers",
        "what is sold",
        country="US",
        check=lambda it: it.value.items[0].minimum_quantity == 1
        and not it.value.items[0].is_add_on,
    )
    program.call(
        "GET /offers",
        "a part of it",
        country="US",
        offset=1,
        size=2,
        check=lambda it: len(it.value.items) == 2,
    )
    program.call(
        "GET /offers/{offer_id}",
        "an offer",
        offer_id=E3,
        country="US",
        check=lambda it: it.value.maximum_quantity == 100000 and it.value.product.id,
    )
    program.call(
        "GET /offers/{offer_id}", "an offer that is none", 404, offer_id=NOBODY, country="US"
    )
    program.call(
        "GET /offers/{offer_id}/addons",
        "its add-ons",
        offer_id=E3,
        country="US",
        check=lambda it: all(item.is_add_on for item in it.value.items) and it.value.items,
    )
    program.call(
        "GET /offercategories",
        "kinds of offers",
        country="US",
        check=lambda it: it.value.items[0].id and it.value.items[0].name,
    )
    program.call(
        "GET " + CUSTOMER + "/offers",
        "what this customer can buy",
        customer_id=customer,
        check=lambda it: E3 in [item.id for item in it.value.items],
    )
    program.call(
        "GET " + CUSTOMER + "/offers/{offer_id}/addons",
        "what this customer can add to it",
        customer_id=customer,
        offer_id=E3,
        check=lambda it: it.value.items and all(item.is_add_on for item in it.value.items),
    )
    program.call(
        "GET " + CUSTOMER + "/offercategories",
        "and of what kinds",
        customer_id=customer,
        check=lambda it: it.value.items[0].id,
    )
