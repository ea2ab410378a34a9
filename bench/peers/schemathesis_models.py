"""Gives the requests that schemathesis makes the names of models that are served, so that they reach the models.

SCHEMATHESIS_HOOKS=schemathesis_models schemathesis run http://127.0.0.1:8000/openapi.json
MODELS: the models of the server, by what the path of a route begins with.
"""

import schemathesis

MODELS = {
    "/v1/completions": "gpt",
    "/v1/chat": "chat",
    "/v1/tasks/text-generation": "gpt",
    "/v1/tasks/text-classification": "labels",
    "/v1/tasks/token-classification": "tags",
    "/v1/tasks/question-answering": "answers",
}


@schemathesis.hook
def map_body(context, body):
    if isinstance(body, dict) and isinstance(body.get("model"), str):
        path = context.operation.path
        body["model"] = next((model for start, model in MODELS.items() if path.startswith(start)), "mini")
    return body
