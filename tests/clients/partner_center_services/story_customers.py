"""Customers: added, listed, seen, changed."""

import uuid

from wording import CUSTOMER, NOBODY, address, created, customer_of, model


def customers(world, person, program):
    make = customer_of("contoso.example", "Contoso")
    key = str(uuid.uuid4())
    answer = program.call(
        "POST /customers",
        "a program adds a customer",
        (200, 201),
        customer_profile=make,
        ms_request_id=key,
        check=lambda it: it.json["userCredentials"]["userName"] and it.json["id"],
    )
    world["customer"] = customer = created(answer)
    program.call(
        "POST /customers",
        "the same request again adds no second one",
        (200, 201),
        customer_profile=make,
        ms_request_id=key,
        check=lambda it: it.json["id"] == customer,
    )
    program.call(
        "POST /customers",
        "a domain that is taken",
        409,
        2000,
        customer_profile=make,
    )
    through = customer_of("relecloud.example", "Relecloud", world["reseller"])
    answer = person.call(
        "POST /customers",
        "a customer of a reseller",
        (200, 201),
        customer_profile=through,
        check=lambda it: it.json["relationshipToPartner"] == "reseller",
    )
    world["of_reseller"] = created(answer)
    person.call(
        "POST /customers",
        "a customer of somebody who is no partner",
        400,
        customer_profile=customer_of("tailspin.example", "Tailspin", NOBODY),
    )
    program.call(
        "GET /customers",
        "all customers",
        check=lambda it: {item.company_profile.domain for item in it.value.items}
        == {"contoso.example", "relecloud.example"},
    )
    program.call(
        "GET /customers",
        "a page of them",
        size=1,
        check=lambda it: len(it.value.items) == 1 and it.value.links.next.headers[0].key,
    )
    narrow = '{"Field":"CompanyName","Value":"rele","Operator":"starts_with"}'
    program.call(
        "GET /customers",
        "by name",
        size=0,
        filter=narrow,
        check=lambda it: [item.company_profile.company_name for item in it.value.items]
        == ["Relecloud"],
    )
    narrow = (
        f'{{"Field":"IndirectReseller","Value":"{world["reseller"]}","Operator":"starts_with"}}'
    )
    person.call(
        "GET /customers",
        "those of a reseller",
        size=0,
        filter=narrow,
        check=lambda it: [item.id for item in it.value.items] == [world["of_reseller"]],
    )
    program.call(
        "GET /customers", "those of a reseller, without a user", 403, 900150, filter=narrow
    )
    program.call(
        "GET " + CUSTOMER,
        "a customer",
        customer_id=customer,
        check=lambda it: it.value.billing_profile.default_address.city == "Redmond"
        and it.value.attributes.object_type == "Customer",
    )
    program.call("GET " + CUSTOMER, "somebody else's customer", 403, 20002, customer_id=NOBODY)
    program.call("GET " + CUSTOMER, "an id that is none", 400, 900118, customer_id="contoso")
    program.call(
        "DELETE " + CUSTOMER, "no customer is of a sandbox", 400, 2000, customer_id=customer
    )
    customer_details(customer, person, program)


def customer_details(customer, person, program):
    profile = program.call(
        "GET " + CUSTOMER + "/profiles/billing",
        "the billing profile",
        customer_id=customer,
        check=lambda it: it.value.company_name == "Contoso" and it.value.attributes.etag,
    )
    if profile.value is not None:
        profile.value.company_name = "Contoso Ltd"
        program.call(
            "PUT " + CUSTOMER + "/profiles/billing",
            "renames the company",
            customer_id=customer,
            customer_billing_profile=profile.value,
            check=lambda it: it.value.company_name == "Contoso Ltd",
        )
        program.call(
            "PUT " + CUSTOMER + "/profiles/billing",
            "with an etag that is old",
            400,
            2055,
            customer_id=customer,
            customer_billing_profile=profile.value,
            custom_headers={"If-Match": profile.value.attributes.etag},
        )
    program.call(
        "GET " + CUSTOMER + "/profiles/company",
        "the company profile",
        customer_id=customer,
        check=lambda it: it.value.company_name == "Contoso Ltd"
        and it.value.domain == "contoso.example"
        and it.value.tenant_id == customer,
    )
    person.call(
        "GET " + CUSTOMER + "/managedservices",
        "its managed services",
        customer_id=customer,
        check=lambda it: it.value.total_count == len(it.value.items),
    )
    person.call(
        "GET " + CUSTOMER + "/relationships",
        "its resellers",
        customer_id=customer,
        check=lambda it: it.value.items == [],
    )
    person.call(
        "GET /customers/relationshiprequests",
        "a link for customers",
        check=lambda it: it.value.url.startswith("http"),
    )
    person.call(
        "GET /customers/relationshiprequests",
        "a link for customers of a reseller, which is made otherwise",
        400,
        2000,
        indirect_reseller_id=NOBODY,
    )
    domains(customer, program)


def domains(customer, program):
    program.call("HEAD /domains/{domain}", "a domain that is taken", domain="contoso.example")
    program.call("HEAD /domains/{domain}", "a domain that is free", 404, domain="free.example")
    available = "GET /validations/checkdomainavailability/{domain_prefix}"
    program.call(
        available,
        "a prefix that is taken",
        domain_prefix="contoso",
        check=lambda it: it.value is False,
    )
    program.call(
        available,
        "a prefix that is free",
        domain_prefix="litware",
        check=lambda it: it.value is True,
    )
    program.call(
        "HEAD " + CUSTOMER + "/verifieddomain",
        "whether a domain is its own",
        customer_id=customer,
        domain="contoso.example",
    )
    domain = model("DomainManagementDomain", name="contoso.test", authentication_type="managed")
    verified = model(
        "DomainManagementVerifiedDomain", verified_domain_name="contoso.test", domain=domain
    )
    program.call(
        "POST " + CUSTOMER + "/verifieddomain",
        "another domain of it",
        (200, 201),
        customer_id=customer,
        verified_domain=verified,
        check=lambda it: it.value.name == "contoso.test",
    )
    domain = model("DomainManagementDomain", name="contoso.invalid", authentication_type="managed")
    verified = model(
        "DomainManagementVerifiedDomain", verified_domain_name="contoso.invalid", domain=domain
    )
    program.call(
        "POST /domains/{domain}",
        "a third one",
        (200, 201),
        domain="contoso.invalid",
        customer_id=customer,
        verified_domain=verified,
        check=lambda it: it.value.name == "contoso.invalid",
    )
    program.call("POST /validations/address", "an address", address=address())
    wrong = address()
    wrong.postal_code, wrong.state = "ABC", "XX"
    program.call("POST /validations/address", "an address that is none", 400, 2007, address=wrong)
    program.call(
        "GET /countryvalidationrules/{country}",
        "the rules of a country",
        country="US",
        check=lambda it: it.value.iso2_code == "US" and it.value.is_state_required,
    )
