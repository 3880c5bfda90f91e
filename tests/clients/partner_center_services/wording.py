"""What the calls are made of: objects of the client's own classes, and the names of things sold."""

from microsoft.store.partnercenterservices import models

PREMIUM = "031c9e47-4802-4248-838e-778fb1d2cc05"
PREMIUM_SKU = "f245ecc8-75af-4f8e-b61f-27d8114de5f3"
ESSENTIALS = "bd938f12-058f-4927-bba3-ae36b1d2501c"
E3 = "796b6b5f-613c-4e24-a17c-eba730d49c02"
TRIAL = "a8e7a4d5-3f5c-4bd0-9b5f-6d1a3c5b7e21"
E5 = "a044b16a-1861-4308-8086-a3a3b506fac2"
THREAT_PROTECTION = "a2706f86-868d-4048-989b-0c69e5c76b63"
HELPDESK_ROLE = "729827e3-9c14-49f7-bb1b-9608f156bbb8"
NOBODY = "11111111-2222-4333-8444-555555555555"

CUSTOMER = "/customers/{customer_id}"
USER = CUSTOMER + "/users/{user_id}"
SUBSCRIPTION = CUSTOMER + "/subscriptions/{subscription_id}"
MEMBERS = CUSTOMER + "/directoryroles/{role_id}/usermembers"


def model(kind, /, **fields):
    """An object of the client's own classes."""
    return getattr(models, f"MicrosoftPartnerSdkContractsV1{kind}")(**fields)


def address():
    return model(
        "Address",
        country="US",
        city="Redmond",
        state="WA",
        address_line1="One Harbour Way",
        postal_code="98052",
        first_name="Kim",
        last_name="Abercrombie",
        phone_number="4255550101",
    )


def customer_of(domain, company, reseller=None):
    billing = model(
        "CustomerBillingProfile",
        first_name="Kim",
        last_name="Abercrombie",
        email=f"office@{domain}",
        culture="en-US",
        language="en",
        company_name=company,
        default_address=address(),
    )
    return model(
        "Customer",
        company_profile=model("CustomerCompanyProfile", domain=domain),
        billing_profile=billing,
        associated_partner_id=reseller,
    )


def created(answer):
    """The id in an answer, whether or not the client could make an object of it."""
    body = answer.json
    return body.get("id", NOBODY) if isinstance(body, dict) else NOBODY


def order(caller, customer, offer, quantity, expected=(200, 201), **line):
    """Orders one offer; the subscription's id."""
    line = model("OrderLineItem", line_item_number=0, offer_id=offer, quantity=quantity, **line)
    answer = caller.call(
        "POST " + CUSTOMER + "/orders",
        f"{quantity} of an offer",
        expected,
        customer_id=customer,
        order=model(
            "Order", reference_customer_id=customer, billing_cycle="unknown", line_items=[line]
        ),
        check=lambda it: it.json["lineItems"][0]["subscriptionId"],
    )
    lines = (answer.json or {}).get("lineItems") or [{}]
    return lines[0].get("subscriptionId", NOBODY)
