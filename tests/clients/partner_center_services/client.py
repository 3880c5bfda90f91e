"""How is the published client called, and what is written down about each call?

The client `partnercenterservices` was generated from Microsoft's own description of the API. It is
used as it is: an operation is found by its method and path, called with the arguments of the
client, and what came back is compared with what was expected.
"""

import inspect
import json
import re
import uuid

from microsoft.store.partnercenterservices import MicrosoftPartnerStoreApis
from msrest.authentication import BasicTokenAuthentication
from msrest.exceptions import ClientException, DeserializationError
from msrestazure.azure_exceptions import CloudError

VERSION = "1"

# Whose answers hold a password: the client takes it for an object and cannot read it.
PASSWORDS = {"POST /customers"}


class Answer:
    """What a call came to: the status, the client's own object, and the JSON as it was sent."""

    def __init__(self, status, value, text):
        self.status = status
        self.value = value
        self.text = text

    @property
    def json(self):
        return json.loads(self.text) if self.text else None

    @property
    def code(self):
        body = self.json
        return body.get("code") if isinstance(body, dict) else None


class Client:
    """The client of one caller, and the rows of what was called."""

    def __init__(self, url, token, rows):
        credentials = BasicTokenAuthentication({"access_token": token})
        self.apis = MicrosoftPartnerStoreApis(credentials, base_url=url)
        self.apis.config.retry_policy.policy.total = 0
        self.apis.config.hooks.append(self._listen)
        self.operations = operations(self.apis)
        self.rows = rows
        self.last = None

    def call(self, operation, does, expected=200, code=None, check=None, **arguments):
        """Calls an operation and writes down what came; the answer."""
        if operation not in self.operations:
            raise KeyError(f"the client has no operation {operation}")
        answer, why = self._send(operation, arguments)
        expected = expected if isinstance(expected, tuple) else (expected,)
        if not why and answer.status not in expected:
            why = f"answered {answer.text[:300]}"
        if not why and code is not None and answer.code != code:
            why = f"code {answer.code} instead of {code}"
        if not why and check is not None:
            why = verdict(check, answer)
        wanted = " or ".join(str(status) for status in expected)
        wanted += f"/{code}" if code is not None else ""
        got = str(answer.status) + (f"/{answer.code}" if answer.code else "")
        self.rows.append(
            {
                "operation": operation,
                "does": does,
                "expected": wanted,
                "got": got,
                "passed": not why,
                "why": why,
            }
        )
        return answer

    def _listen(self, response, *_, **__):
        self.last = response

    def _send(self, operation, arguments):
        method = self.operations[operation]
        takes = inspect.signature(method).parameters
        if "version" in takes:
            arguments.setdefault("version", VERSION)
        if "ms_request_id" in takes:
            arguments.setdefault("ms_request_id", str(uuid.uuid4()))
            arguments.setdefault("ms_correlation_id", str(uuid.uuid4()))
        try:
            raw = method(raw=True, **arguments)
        except CloudError as error:
            # A status that the description does not name for this operation.
            return Answer(error.status_code, None, error.response.text), ""
        except DeserializationError as error:
            # The description calls a password an object, and the client believes it; the answer
            # is as documented all the same.
            why = "" if operation in PASSWORDS else f"the client gave up: {error!r}"
            return Answer(self.last.status_code, None, self.last.text), why
        except (ClientException, ValueError) as error:
            return Answer(0, None, ""), f"the client gave up: {error!r}"
        return Answer(raw.response.status_code, raw.output, raw.response.text), ""


def verdict(check, answer):
    """What a check finds wrong; nothing where it agrees."""
    try:
        found = check(answer)
    except Exception as error:  # a member that is not there, in whatever way
        return f"{error!r} in {answer.text[:300]}"
    return "" if found or found is None else f"not what was asked for: {answer.text[:300]}"


def operations(apis):
    """Every operation of the client by its method and path, such as `GET /customers/{customer_id}`."""
    found = {}
    groups = [apis] + [
        group for group in vars(apis).values() if type(group).__name__.endswith("Operations")
    ]
    for group in groups:
        for _, function in inspect.getmembers(group, inspect.ismethod):
            metadata = getattr(function, "metadata", None)
            if metadata is None:
                continue
            source = inspect.getsource(function)
            sent = re.search(r"self\._client\.(get|post|put|patch|delete|head)\(", source)
            path = metadata["url"].removeprefix("/v{version}")
            found[f"{sent.group(1).upper()} {path}"] = function
    return found
