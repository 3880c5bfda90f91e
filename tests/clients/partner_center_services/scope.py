"""Which operations of the client are not offered, and why?"""

USAGE = "usage of Azure is not sold here: there is nothing to meter"
ANALYTICS = "analytics of licence usage belong to the services themselves"
DEVICES = "device lists have a shape of our own, see docs/api.md"
MIGRATION = "migration of Microsoft's syndication partners"
INSIDERS = "Windows insider programmes"
CATALOGUE = "which offers a partner hides from its own catalogue page"
INCIDENTS = "incidents have a shape of our own, see docs/api.md"

OUT_OF_SCOPE = {
    "GET /analytics/licenses/deployment": ANALYTICS,
    "GET /analytics/licenses/usage": ANALYTICS,
    "GET /customers/{customer_id}/analytics/licenses/deployment": ANALYTICS,
    "GET /customers/{customer_id}/analytics/licenses/usage": ANALYTICS,
    "GET /customers/usagerecords": USAGE,
    "GET /customers/{customer_id}/subscriptions/usagerecords": USAGE,
    "GET /customers/{customer_id}/subscriptions/{subscription_id}/usagerecords/daily": USAGE,
    "GET /customers/{customer_id}/subscriptions/{subscription_id}/usagerecords/resources": USAGE,
    "GET /customers/{customer_id}/subscriptions/{subscription_id}/usagesummary": USAGE,
    "GET /customers/{customer_id}/subscriptions/{subscription_id}/utilizations/azure": USAGE,
    "GET /customers/{customer_id}/usagebudget": USAGE,
    "PATCH /customers/{customer_id}/usagebudget": USAGE,
    "GET /customers/{customer_id}/usagesummary": USAGE,
    "GET /usagesummary": USAGE,
    "GET /ratecards/azure": USAGE,
    "GET /ratecards/azure-shared": USAGE,
    "GET /insiderprograms": INSIDERS,
    "PUT /insiderprograms": INSIDERS,
    "POST /migrations/syndication": MIGRATION,
    "GET /migrations/syndication/{migrationBatchId}": MIGRATION,
    "GET /migrations/syndication/{migrationBatchId}/{mosiCustomerId}": MIGRATION,
    "GET /preferences/catalog/offers": CATALOGUE,
    "PUT /preferences/catalog/offers": CATALOGUE,
    "GET /serviceincidents/office": INCIDENTS,
    "GET /serviceincidents/office/count": INCIDENTS,
    "GET /customers/{customer_id}/serviceincidents/office": INCIDENTS,
    "GET /customers/{customer_id}/deviceBatches": DEVICES,
    "POST /customers/{customer_id}/deviceBatches": DEVICES,
    "GET /customers/{customer_id}/deviceBatches/{deviceBatch_id}/devices": DEVICES,
    "POST /customers/{customer_id}/deviceBatches/{deviceBatch_id}/devices": DEVICES,
    "PUT /customers/{customer_id}/deviceBatches/{deviceBatch_id}/devices/{device_id}": DEVICES,
    "DELETE /customers/{customer_id}/deviceBatches/{deviceBatch_id}/devices/{device_id}": DEVICES,
    "PATCH /customers/{customer_id}/DevicePolicyUpdates": DEVICES,
    "GET /customers/{customer_id}/batchJobStatus/{batchUploadTracking_id}": DEVICES,
    "GET /customers/{customer_id}/policies": DEVICES,
    "POST /customers/{customer_id}/policies": DEVICES,
    "GET /customers/{customer_id}/policies/{policy_id}": DEVICES,
    "PUT /customers/{customer_id}/policies/{policy_id}": DEVICES,
    "DELETE /customers/{customer_id}/policies/{policy_id}": DEVICES,
}
