"""The partner itself: profiles, roles, resellers, service requests, and the ends of relationships."""

from wording import CUSTOMER, NOBODY, address, created, customer_of, model


def partner(world, person, program):
    profiles(world, person, program)
    roles(world, person)
    relationships(world, person)


def profiles(world, person, program):
    program.call(
        "GET /profiles/mpn",
        "another partner by its MPN id",
        mpn_id=world["reseller_mpn"],
        check=lambda it: it.value.mpn_id == world["reseller_mpn"] and it.value.partner_name,
    )
    program.call("GET /profiles/mpn", "an MPN id that nobody has", 404, 3000, mpn_id="9999999")
    person.call(
        "GET /profiles/partnernetworkprofile",
        "the same, as it is spelled too",
        mpn_id=world["reseller_mpn"],
        check=lambda it: it.value.mpn_id == world["reseller_mpn"],
    )
    contact = model(
        "Contact",
        first_name="Ana",
        last_name="Costa",
        email="ana@fabrikam.example",
        phone_number="4255550100",
    )
    legal = model(
        "LegalBusinessProfile",
        company_name="Fabrikam Provider",
        address=address(),
        primary_contact=contact,
    )
    person.call(
        "PUT /profiles/legalbusiness",
        "the legal profile",
        legal_business_profile=legal,
        check=lambda it: it.value.company_name == "Fabrikam Provider",
    )
    person.call(
        "GET /profiles/legalbusiness",
        "is kept",
        vetting_version="Current",
        check=lambda it: it.value.address.city == "Redmond" and it.value.vetting_status,
    )
    organization = model(
        "OrganizationProfile",
        company_name="Fabrikam Provider",
        default_address=address(),
        email="office@fabrikam.example",
        language="en",
        culture="en-US",
    )
    person.call(
        "PUT /profiles/organization",
        "the organization profile",
        organization_profile=organization,
        check=lambda it: it.value.email == "office@fabrikam.example",
    )
    person.call(
        "GET /profiles/organization",
        "is kept",
        check=lambda it: it.value.default_address.city == "Redmond",
    )
    billing = model(
        "BillingProfile",
        company_name="Fabrikam Provider",
        address=address(),
        primary_contact=contact,
        purchase_order_number="PO-1",
        tax_id="123",
    )
    person.call(
        "PUT /profiles/billing",
        "the billing profile",
        billing_profile=billing,
        check=lambda it: it.value.purchase_order_number == "PO-1",
    )
    person.call(
        "GET /profiles/billing", "is kept", check=lambda it: it.value.address.city == "Redmond"
    )
    support = model(
        "SupportProfile",
        email="help@fabrikam.example",
        telephone="4255550199",
        website="https://fabrikam.example",
    )
    person.call(
        "PUT /profiles/support",
        "the support profile",
        support_profile=support,
        check=lambda it: it.value.telephone == "4255550199",
    )
    person.call(
        "GET /profiles/support",
        "is kept",
        check=lambda it: it.value.email == "help@fabrikam.example",
    )


def roles(world, person):
    answer = person.call(
        "GET /roles",
        "the roles of a partner",
        check=lambda it: all(role.id and role.name and role.category for role in it.value.items),
    )
    ids = {role.name.lower(): role.id for role in answer.value.items} if answer.value else {}
    sales = next((ids[name] for name in ids if name.startswith("sales")), NOBODY)
    member = model("ContractsRoleManagementUserMember", id=world["colleague"])
    one = "/roles/{role_id}/usermembers"
    member_of = ("POST " + one, "GET " + one, "DELETE " + one + "/{member_id}", world["colleague"])
    named = ("POST /roles", "GET /roles", "DELETE /roles", sales)
    for add, read, remove, found in (member_of, named):
        person.call(add, "gives a colleague a role", (200, 201), role_id=sales, user_member=member)
        person.call(
            read,
            "who has it, or the role itself",
            role_id=sales,
            check=lambda it, found=found: [item["id"] for item in it.json["items"]] == [found],
        )
        person.call(
            remove, "takes it away", (200, 204), role_id=sales, member_id=world["colleague"]
        )
    preferences = "/users/{user_id}/preferences/notifications/"
    preference = model(
        "NotificationPreferenceCommunicationPreference",
        channel="web",
        endpoint="ana@fabrikam.example",
        status="on",
    )
    person.call(
        "PUT " + preferences + "{NotificationArea}/{channelType}",
        "how services work, on the web",
        user_id=world["admin"],
        notification_area="serviceHealth",
        channel_type="web",
        communication_preference=preference,
    )
    person.call(
        "GET " + preferences + "{notificationArea}/{channelType}",
        "is shown",
        user_id=world["admin"],
        notification_area="serviceHealth",
        channel_type="web",
        check=lambda it: it.json,
    )


def relationships(world, person):
    of = "GET /relationships"
    for spelling in ("is_indirect_cloud_solution_provider_of", "IsIndirectCloudSolutionProviderOf"):
        person.call(
            of,
            "the resellers",
            relationship_type=spelling,
            check=lambda it: [(item.id, item.mpn_id) for item in it.value.items]
            == [(world["reseller"], world["reseller_mpn"])],
        )
    person.call(
        of,
        "by name",
        relationship_type="is_indirect_cloud_solution_provider_of",
        filter='{"Field":"Name","Value":"nobody","Operator":"substring"}',
        check=lambda it: it.value.items == [],
    )
    served = "/relationships/{partner_id}/customer"
    person.call(
        "GET " + served,
        "the customers of a reseller",
        partner_id=world["reseller"],
        relationship_type="is_indirect_cloud_solution_provider_of",
        check=lambda it: len(it.value.items) == 1,
    )
    person.call(
        "PATCH " + served + "/{customer_id}",
        "who serves this one no longer",
        (200, 204),
        partner_id=world["reseller"],
        customer_id=world["of_reseller"],
    )
    person.call(
        "GET " + CUSTOMER + "/relationships",
        "which has no reseller now",
        customer_id=world["of_reseller"],
        check=lambda it: it.value.items == [],
    )


def requests(world, person, program):
    service_requests(world, person)
    program.call(
        "POST /generatetoken",
        "a grant as JSON, where the endpoint takes a form",
        400,
        grant_type="jwt_token",
    )
    endings(world, person)


def service_requests(world, person):
    topics = person.call(
        "GET /servicerequests/supporttopics",
        "what one can ask about",
        check=lambda it: all(topic.id and topic.name for topic in it.value.items),
    )
    topic = topics.value.items[0].id if topics.value else None
    question = model(
        "ServiceRequest",
        title="The list is empty",
        description="Since this morning",
        severity="moderate",
        support_topic_id=str(topic),
    )
    answer = person.call(
        "POST /servicerequests/{agent_locale}",
        "asks",
        (200, 201),
        agent_locale="en-US",
        service_request=question,
        check=lambda it: it.value.id and it.value.status == "open",
    )
    request = created(answer)
    person.call(
        "GET /servicerequests",
        "what was asked",
        check=lambda it: request in [item.id for item in it.value.items],
    )
    one = "/servicerequests/{service_request_id}"
    note = model("ServiceRequest", new_note=model("ServiceRequestNote", text="Still so"))
    for path, asked, names in (
        (one, request, {}),
        (
            CUSTOMER + one,
            world["ask_for"](world["customer"], world["subscription"]),
            {"customer_id": world["customer"]},
        ),
    ):
        person.call(
            "PATCH " + path,
            "adds a note",
            service_request_id=asked,
            service_request=note,
            **names,
            check=lambda it: it.value.id == asked,
        )
        person.call(
            "GET " + path,
            "the note is there",
            service_request_id=asked,
            **names,
            check=lambda it: "Still so" in [note.text for note in it.value.notes],
        )
    person.call(
        "GET " + CUSTOMER + "/servicerequests",
        "those about a customer",
        customer_id=world["customer"],
        check=lambda it: len(it.value.items) == 1,
    )


def endings(world, person):
    end = model("Customer", relationship_to_partner="none")
    person.call(
        "PATCH " + CUSTOMER,
        "an end while subscriptions are active",
        400,
        2000,
        customer_id=world["customer"],
        customer=end,
    )
    person.call(
        "PATCH " + CUSTOMER,
        "the end of a relationship",
        customer_id=world["of_reseller"],
        customer=end,
        check=lambda it: it.value.relationship_to_partner == "none",
    )
    person.call(
        "GET " + CUSTOMER,
        "which is not to be seen any more",
        403,
        20002,
        customer_id=world["of_reseller"],
    )
    for delete, domain in (
        (CUSTOMER + "/CustomerPartnerRelationships/reseller", "tailspin.example"),
        (CUSTOMER + "/relationships/partner", "litware.example"),
    ):
        answer = person.call(
            "POST /customers",
            "a customer for a while",
            (200, 201),
            customer_profile=customer_of(domain, "Tailspin"),
        )
        person.call(
            "DELETE " + delete, "an end in an older form", (200, 204), customer_id=created(answer)
        )
