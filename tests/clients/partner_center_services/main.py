"""Runs the published client against a server and prints a table as JSON.

Reads from standard input where the server is and who calls: `url`, `token` of a person, `program`
(the token of an application), `provider`, `admin`, `colleague`, `reseller`, `reseller_mpn`.
Prints `called`: a row for each call; `out_of_scope`: operations with the reason; `forgotten`: what is
neither. Nothing of the server's own is used but what the contract names.
"""

import json
import sys

import requests

from client import Client
from scope import OUT_OF_SCOPE
from story_customers import customers
from story_partner import partner, requests as last_requests
from story_sales import sales
from story_users import directory_roles, users


def beside(url, token):
    """What the client has no operation for: to draft a cart, and to ask about a customer."""

    def post(path, body):
        answer = requests.post(
            f"{url}/v1{path}", json=body, headers={"Authorization": f"Bearer {token}"}, timeout=60
        )
        return answer.json().get("id", "")

    def make_cart(customer, offer):
        line = {"id": 0, "catalogItemId": offer, "quantity": 1, "billingCycle": "monthly"}
        return post(f"/customers/{customer}/carts", {"lineItems": [line]})

    def ask_for(customer, subscription):
        question = {
            "title": "The bill is wrong",
            "description": "Twice the licences",
            "subscriptionId": subscription,
        }
        return post(f"/customers/{customer}/servicerequests", question)

    return {"make_cart": make_cart, "ask_for": ask_for}


def main():
    world = json.load(sys.stdin)
    rows = []
    person = Client(world["url"], world["token"], rows)
    program = Client(world["url"], world["program"], rows)
    world.update(beside(world["url"], world["token"]))
    for chapter in (customers, users, directory_roles, sales, partner, last_requests):
        chapter(world, person, program)
    called = {row["operation"] for row in rows}
    offered = set(person.operations)
    table = {
        "operations": len(offered),
        "called": rows,
        "out_of_scope": OUT_OF_SCOPE,
        "forgotten": sorted(offered - called - set(OUT_OF_SCOPE)),
    }
    json.dump(table, sys.stdout, indent=1)


if __name__ == "__main__":
    main()
