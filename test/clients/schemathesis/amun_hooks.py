"""What schemathesis has to know beyond the API's document."""
import re
import uuid

import schemathesis
from schemathesis.specs.openapi.checks import positive_data_acceptance

EXAMPLE_KEY = "5d2c3a70-6f0e-4c0e-8f6b-2f6f8f2f7c11"

# What rules say of a specification for which JSON Schema has no words: the grammar of requirements,
# what locks refer to, names that may be there once, quantities' ranges, folders that are reserved.
BEYOND_SCHEMA = re.compile(
    r"^/(python|advise|script|python_packages/\d+|files/\d+/path|environment/\d+/name"
    r"|(build|run)/requests/(cpu|memory))(/|$)"
)


@schemathesis.hook
def before_call(context, case, kwargs):
    """The document's example of a key is that of one request: sent with each, it would refuse them."""
    if case.headers and case.headers.get("Idempotency-Key") == EXAMPLE_KEY:
        case.headers["Idempotency-Key"] = uuid.uuid4().hex


def is_beyond_schema(response, case):
    """Whether the answer refuses what the document allows for one of those reasons."""
    if response.status_code not in (400, 422):
        return False
    answer = response.json()
    if answer["code"] == "IdempotencyKeyReused":
        return True
    findings = answer.get("details", [])
    if any(one["message"].startswith("No field may be named __proto__") for one in findings):
        return True
    if answer["code"] != "InvalidSpecification":
        return False
    if not findings:
        # Which Thoth may be asked is the operator's to say.
        return "advise" in str(case.body)
    if case.operation.path == "/matrix":
        # What the variations make of the specification is known once they are applied.
        return all(re.match("/(specification|variations|axes|labels)", one["pointer"]) for one in findings)
    return all(is_rule(one["pointer"], case.body) for one in findings)


def is_rule(pointer, body):
    if pointer == "/base":
        # A name has 255 characters at most, what follows it has more.
        return len(body["base"]) > 255
    return BEYOND_SCHEMA.match(pointer) is not None


@schemathesis.check
def accepts_valid_data(ctx, response, case):
    """positive_data_acceptance, but for what a schema cannot say."""
    is_valid = case.meta is not None and case.meta.generation.mode.is_positive
    if not is_valid or is_beyond_schema(response, case):
        return None
    return positive_data_acceptance(ctx, response, case)
