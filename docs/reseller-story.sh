#!/usr/bin/env bash
# A reseller's whole story over the API, with curl and jq: token, partnership, a customer for the
# reseller, an order, users by CSV, licences, support contact, delete, restore, audit records.
#
#   docs/reseller-story.sh [PROGRAM]      the program is target/release/partnerlog unless named
#
# Begins an installation of its own in a temporary directory, serves it, prints each request with its
# answer, and stops at the first answer that is not as expected.
set -euo pipefail
program=$(realpath "${1:-target/release/partnerlog}")
place=$(mktemp -d)
server=
stop() { [ -z "$server" ] || kill "$server" 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$place"; }
trap stop EXIT
cd "$place"

# The word behind a label that the program printed.
after() { sed -n "s/^$1  *\([^ ]*\)\( .*\)\?$/\1/p" | grep -v '^id$' | head -n 1; }
say() { printf '\n## %s\n' "$*"; }

# METHOD STATUS PATH [curl options]: prints request and answer, keeps the body in ./body
ask() {
  local method=$1 expected=$2 path=$3 status
  shift 3
  status=$(curl -sS -o body -w '%{http_code}' -X "$method" "$base$path" \
    -H "Authorization: Bearer $token" -H "MS-RequestId: $(cat /proc/sys/kernel/random/uuid)" "$@")
  printf '%s %s -> %s\n' "$method" "${path:0:110}" "$status"
  if [ "$status" != "$expected" ]; then
    echo "expected $expected:"
    cat body
    exit 1
  fi
}
json() { jq -n "$@" >request.json; }
shown() { jq -c "$1" body; }
member() { jq -r "$1" body; }

say 'An installation: an indirect provider, and a reseller'
"$program" init --data data --partner 'Fabrikam Provider' --kind indirect-provider --country US \
  --admin ana@fabrikam.example >init
provider_token=$(after token <init)
provider=$(after partner <init)
"$program" partner register --data data --partner 'Wingtip Reseller' --kind indirect-reseller \
  --country US --admin wanda@wingtip.example --mpn-id 4567890 >registered
reseller_token=$("$program" token create --data data --user wanda@wingtip.example | after token)
"$program" application register --data data --partner "$provider" --name 'Order desk' >application
"$program" serve --data data --listen 127.0.0.1:0 >out 2>err &
server=$!
until grep -q '^listening on' out; do kill -0 "$server" && sleep 0.1; done
base=$(after 'listening on' <out)
echo "$base"

say 'A token for a program'
curl -sS "$base/$provider/oauth2/token" -d grant_type=client_credentials \
  -d "client_id=$(after application <application)" \
  --data-urlencode "client_secret=$(after secret <application)" \
  -d resource=https://api.partnercenter.microsoft.com >token.json
program_token=$(jq -r .access_token token.json)
jq -c '{token_type, expires_in, resource}' token.json

say 'The partnership: asked by the provider, accepted by the reseller'
token=$provider_token
json '{recipient: "wanda@wingtip.example", subject: "Work with us"}'
ask POST 201 /v1/partnerships -d @request.json -H 'Content-Type: application/json'
link=$(member '.link // .url')
partnership=$(member .id)
token=$reseller_token
json --arg token "${link##*/}" '{token: $token}'
ask POST 200 /v1/invitations/accept -d @request.json -H 'Content-Type: application/json'
token=$provider_token
ask GET 200 '/v1/relationships?relationship_type=IsIndirectCloudSolutionProviderOf'
shown '.items[] | {id, name, relationshipType, state, mpnId}'
reseller=$(member '.items[0].id')

say 'A customer for the reseller, created by the program'
token=$program_token
json --arg reseller "$reseller" '{
  CompanyProfile: {Domain: "relecloud.example"},
  BillingProfile: {Email: "nora@relecloud.example", Culture: "en-US", Language: "en",
    CompanyName: "Relecloud", DefaultAddress: {Country: "US", City: "Seattle", State: "WA",
    AddressLine1: "1 Main Street", PostalCode: "98101", FirstName: "Nora", LastName: "Berg"}},
  AssociatedPartnerId: $reseller}'
ask POST 201 /v1/customers -d @request.json -H 'Content-Type: application/json'
customer=$(member .id)
shown '{id, relationshipToPartner, associatedPartnerId, user: .userCredentials.userName}'

say 'An order'
ask GET 200 '/v1/offers?country=US'
offer=$(member '[.items[] | select(.isAddOn | not)][0].id')
json --arg offer "$offer" '{BillingCycle: "unknown",
  LineItems: [{LineItemNumber: 0, OfferId: $offer, Quantity: 5, PartnerIdOnRecord: "4567890"}]}'
ask POST 201 "/v1/customers/$customer/orders" -d @request.json -H 'Content-Type: application/json'
subscription=$(member '.lineItems[0].subscriptionId')
shown '{id, status, billingCycle, line: .lineItems[0] | {quantity, subscriptionId}}'

say 'Users by CSV'
token=$provider_token
printf 'First name,Last name,Display name,Email,Status update\nBo,Berg,Bo Berg,bo@relecloud.example,\nIda,Lund,Ida Lund,ida@relecloud.example,\n' >users.csv
ask POST 201 "/v1/customers/$customer/users/import?usageLocation=US" \
  --data-binary @users.csv -H 'Content-Type: text/csv'
shown '[.items[] | {userPrincipalName, line}]'
ask GET 200 "/v1/customers/$customer/users"
user=$(member '.items[] | select(.userPrincipalName == "bo@relecloud.example") | .id')

say 'Licences'
ask GET 200 "/v1/customers/$customer/subscribedskus"
sku=$(member '.items[0].productSku.id')
json --arg sku "$sku" '{LicensesToAssign: [{SkuId: $sku, ExcludedPlans: null}], LicensesToRemove: null}'
ask POST 201 "/v1/customers/$customer/users/$user/licenseupdates" -d @request.json \
  -H 'Content-Type: application/json'
ask GET 200 "/v1/customers/$customer/subscribedskus"
shown '.items[] | {sku: .productSku.skuPartNumber, totalUnits, consumedUnits, availableUnits}'

say 'The support contact'
json --arg reseller "$reseller" '{SupportTenantId: $reseller}'
ask PUT 200 "/v1/customers/$customer/subscriptions/$subscription/supportcontact" -d @request.json \
  -H 'Content-Type: application/json'
shown '{supportTenantId, supportMpnId, name}'

say 'Deleted, and restored with the licence'
ask DELETE 204 "/v1/customers/$customer/users/$user"
ask GET 200 "/v1/customers/$customer/users?filter=%7B%22Field%22:%22UserState%22,%22Value%22:%22Inactive%22,%22Operator%22:%22equals%22%7D"
shown '.items[] | {userPrincipalName, state, softDeletionTime}'
json '{State: "active", Attributes: {ObjectType: "CustomerUser"}}'
ask PATCH 200 "/v1/customers/$customer/users/$user" -d @request.json -H 'Content-Type: application/json'
shown '{userPrincipalName, state}'
ask GET 200 "/v1/customers/$customer/users/$user/licenses"
shown '[.items[].productSku.skuPartNumber]'

say 'What the audit records tell'
ask GET 200 "/v1/auditrecords?filter=%7B%22Field%22:%22CustomerId%22,%22Value%22:%22$customer%22,%22Operator%22:%22equals%22%7D"
shown '.items[] | {operationDate, resourceType, operationType, operationStatus, by: (.userPrincipalName // .applicationId)}'
echo
echo 'the story is told'
