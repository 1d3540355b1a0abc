"""Calls functions of the Python package "amun", whichever version is installed.

Arguments: the API's URL. stdin: a JSON list of {"function", "arguments", "keywords"}; a function is
a name of the package ("inspect") or of one of its API classes ("InspectionApi.post_inspection").
stdout: a JSON list of {"value"}, or of {"raised", "message"} where it raised.
"""
import json
import sys

import amun
from amun import swagger_client


def make_api(name, url):
    """One of the generated API classes, which the package makes for InspectionApi only."""
    api = amun.instantiate_inspection_api(url)
    return api if name == "InspectionApi" else getattr(swagger_client, name)(api.api_client)


def to_plain(value):
    """The client's own models as what JSON can say."""
    if isinstance(value, tuple):
        return [to_plain(part) for part in value]
    return value.to_dict() if hasattr(value, "to_dict") else value


def build(value):
    """{"model": name, "fields": …} as the client's own model of that name."""
    if isinstance(value, list):
        return [build(part) for part in value]
    if not isinstance(value, dict):
        return value
    fields = {key: build(part) for key, part in value.get("fields", value).items()}
    return getattr(swagger_client, value["model"])(**fields) if "model" in value else fields


def call(url, function, arguments=(), keywords=None):
    given = [build(argument) for argument in arguments]
    named = build(keywords or {})
    owner, _, method = function.rpartition(".")
    if owner:
        return getattr(make_api(owner, url), method)(*given, **named)
    return getattr(amun, function)(url, *given, **named)


def attempt(url, one):
    try:
        return {"value": to_plain(call(url, **one))}
    except Exception as error:  # whatever a client raises is what is to be told
        return {"raised": type(error).__name__, "message": str(error)}


if __name__ == "__main__":
    answers = [attempt(sys.argv[1], one) for one in json.load(sys.stdin)]
    # What is neither JSON nor a model (instantiate_inspection_api's answer) is told by its kind.
    json.dump(answers, sys.stdout, default=lambda value: {"kind": type(value).__name__})
