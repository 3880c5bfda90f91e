"""Users of a customer: created, changed, licensed, deleted, restored, given roles."""

from wording import (
    CUSTOMER,
    HELPDESK_ROLE,
    MEMBERS,
    NOBODY,
    PREMIUM,
    PREMIUM_SKU,
    USER,
    created,
    model,
    order,
)


def users(world, person, program):
    customer = world["customer"]
    nora = model(
        "CustomerUser",
        usage_location="US",
        user_principal_name="nora@contoso.example",
        first_name="Nora",
        last_name="Lindqvist",
        display_name="Nora Lindqvist",
    )
    answer = person.call(
        "POST " + CUSTOMER + "/users",
        "a user",
        (200, 201),
        customer_id=customer,
        user=nora,
        check=lambda it: it.json["state"] == "active" and it.json["passwordProfile"]["password"],
    )
    world["user"] = user = created(answer)
    person.call(
        "POST " + CUSTOMER + "/users", "its name again", 409, 2000, customer_id=customer, user=nora
    )
    program.call(
        "POST " + CUSTOMER + "/users",
        "without a user",
        403,
        900150,
        customer_id=customer,
        user=nora,
    )
    person.call(
        "GET " + CUSTOMER + "/users",
        "the users in order",
        customer_id=customer,
        sort_optionsort_field="DisplayName",
        sort_optionsort_direction="Descending",
        check=lambda it: user in [item.id for item in it.value.items],
    )
    person.call(
        "GET " + USER,
        "the user",
        customer_id=customer,
        user_id=user,
        check=lambda it: it.value.display_name == "Nora Lindqvist"
        and it.value.state == "active"
        and it.value.soft_deletion_time is None,
    )
    person.call(
        "GET " + USER, "a user who is not there", 404, 60002, customer_id=customer, user_id=NOBODY
    )
    person.call(
        "PATCH " + USER,
        "another name",
        customer_id=customer,
        user_id=user,
        user=model("CustomerUser", display_name="Nora L."),
    )
    person.call(
        "PATCH " + CUSTOMER + "/users",
        "the same by its id in the query",
        customer_id=customer,
        user_id=user,
        user=model("CustomerUser", first_name="Eleonora"),
    )
    person.call(
        "GET " + USER,
        "what was changed, and only that",
        customer_id=customer,
        user_id=user,
        check=lambda it: (it.value.display_name, it.value.first_name, it.value.last_name)
        == ("Nora L.", "Eleonora", "Lindqvist"),
    )
    licences(world, person)
    deletion(world, person, "DELETE " + USER)
    deletion(world, person, "DELETE " + CUSTOMER + "/users")


def licences(world, person):
    customer, user = world["customer"], world["user"]
    person.call(
        "GET " + CUSTOMER + "/subscribedskus",
        "no licences yet",
        customer_id=customer,
        check=lambda it: it.value.total_count == 0 and it.value.items == [],
    )
    world["subscription"] = order(person, customer, PREMIUM, 5)
    person.call(
        "GET " + CUSTOMER + "/subscribedskus",
        "licences of both groups",
        customer_id=customer,
        license_group_ids=["Group1", "Group2"],
        check=lambda it: it.value.items[0].available_units == 5
        and it.value.items[0].product_sku.id == PREMIUM_SKU,
    )
    give = [model("UserLicenseManagementLicenseAssignment", sku_id=PREMIUM_SKU)]
    update = "POST " + USER + "/licenseupdates"
    person.call(
        update,
        "a licence for the user",
        201,
        customer_id=customer,
        user_id=user,
        licenses_to_assign=give,
        check=lambda it: it.json["licensesToAssign"][0]["skuId"] == PREMIUM_SKU
        and it.json["licenseWarnings"] == [],
    )
    person.call(
        "GET " + USER + "/licenses",
        "the user's licences",
        customer_id=customer,
        user_id=user,
        check=lambda it: it.json["items"][0]["productSku"]["id"] == PREMIUM_SKU,
    )
    nothing = [model("UserLicenseManagementLicenseAssignment", sku_id=NOBODY)]
    person.call(
        update,
        "a licence of what was not bought",
        400,
        customer_id=customer,
        user_id=user,
        licenses_to_assign=nothing,
    )
    person.call(
        update,
        "takes the licence away",
        201,
        customer_id=customer,
        user_id=user,
        licenses_to_remove=[PREMIUM_SKU],
    )
    person.call(
        update,
        "and gives it back",
        201,
        customer_id=customer,
        user_id=user,
        licenses_to_assign=give,
    )


def deletion(world, person, delete):
    customer, user = world["customer"], world["user"]
    person.call(delete, "deletes the user", (200, 204), customer_id=customer, user_id=user)
    deleted = '{"Field":"UserStatus","Value":"Inactive","Operator":"equals"}'
    person.call(
        "GET " + CUSTOMER + "/users",
        "the deleted users",
        customer_id=customer,
        size=500,
        filter=deleted,
        check=lambda it: [item.id for item in it.value.items] == [user]
        and it.value.items[0].soft_deletion_time,
    )
    person.call(
        "PATCH " + USER,
        "restores the user",
        customer_id=customer,
        user_id=user,
        user=model("CustomerUser", state="active"),
    )
    person.call(
        "GET " + USER + "/licenses",
        "who has its licence back",
        customer_id=customer,
        user_id=user,
        check=lambda it: it.json["totalCount"] == 1,
    )


def directory_roles(world, person, _):
    customer, user = world["customer"], world["user"]
    roles = "GET " + CUSTOMER + "/directoryroles"
    person.call(
        roles,
        "the roles",
        customer_id=customer,
        check=lambda it: HELPDESK_ROLE in [role.id for role in it.value.items],
    )
    member = model(
        "ContractsRoleManagementUserMember",
        id=user,
        display_name="Nora L.",
        user_principal_name="nora@contoso.example",
    )
    member_of = ("POST " + MEMBERS, "GET " + MEMBERS, "DELETE " + MEMBERS + "/{member_id}", user)
    named = (
        "POST " + CUSTOMER + "/directoryroles",
        roles,
        "DELETE " + CUSTOMER + "/directoryroles",
    )
    for add, read, remove, found in (member_of, (*named, HELPDESK_ROLE)):
        person.call(
            add,
            "gives the user a role",
            (200, 201),
            customer_id=customer,
            role_id=HELPDESK_ROLE,
            user_member=member,
            check=lambda it: it.json["roleId"].lower() == HELPDESK_ROLE,
        )
        person.call(
            read,
            "who has the role, or the role itself",
            customer_id=customer,
            role_id=HELPDESK_ROLE,
            check=lambda it, found=found: [item["id"] for item in it.json["items"]] == [found],
        )
        person.call(
            "GET " + USER + "/directoryroles",
            "the user's roles",
            customer_id=customer,
            user_id=user,
            check=lambda it: HELPDESK_ROLE in [item["id"] for item in it.json["items"]],
        )
        person.call(
            remove,
            "takes the role away",
            (200, 204),
            customer_id=customer,
            role_id=HELPDESK_ROLE,
            member_id=user,
        )
