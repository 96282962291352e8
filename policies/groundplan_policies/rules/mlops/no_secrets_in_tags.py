# SPDX-License-Identifier: Apache-2.0
"""No tag holds a secret. Messages name the tag and never its value."""

from groundplan_policies.authoring import (
    SECRET,
    UNKNOWN,
    Bad,
    BadCases,
    Found,
    GoodCases,
    Resource,
    Rule,
    UnknownCases,
    View,
    Violation,
)
from groundplan_policies.decisions import each_of
from groundplan_policies.subjects.secret_texts import suspicion

PATHS = ("tags", "properties.tags")


def check(found: Resource) -> Found:
    """Tags of resources, and those that assets and jobs keep below their properties."""
    yield from each_of((each for path in PATHS for _, each in found.entries(path)), _look)


def _look(tag: View) -> Found:
    if reason := suspicion(tag.at.partition("tags.")[2], tag):
        yield Violation(tag.at, f"{tag.at} {reason}; a tag is no place for secrets")


RULE = Rule(
    id="GP-MLO-010",
    slug="no-secrets-in-tags",
    title="No tag holds a secret",
    severity="high",
    types=("*",),
    controls=("mlo-secrets-in-tags",),
    rationale="Everybody with the role Reader sees tags, and Azure copies them to bills, logs and the inventory of the whole tenant.",
    remediation="Keep the secret in a key vault, and at most its name in the tag; then renew the secret.",
    absent="Passes: there are no tags.",
    unknown="A value that is secret in the program is a violation; one that is not known yet is decided later.",
    check=check,
)

_JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln"
_FORMS = {
    "an account key": "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=abc",
    "a key of Event Hubs": "Endpoint=sb://a/;SharedAccessKeyName=b;SharedAccessKey=abc",
    "a signature of Event Hubs": "SharedAccessSignature=sr",
    "a password": "Server=a;Password=abc",
    "a short password": "Server=a;Pwd=abc",
    "a signed address": "https://a.blob.core.windows.net/b?sv=1&sig=abc",
    "a private key": "-----BEGIN RSA PRIVATE KEY-----",
    "a token": f"Bearer {_JWT}",
    "a user in an address": "https://ada:abc@example.org/models",
    "a storage key": f"{'A1b/' * 21}Cd==",
    "an application's secret": f"abc8Q~{'a' * 31}",
    "a token of another service": f"hf_{'a' * 30}",
    **{f"a token with {start}": start + "a" * 20 for start in ("ghp_", "github_pat_", "sk-", "dapi")},
}

GOOD: GoodCases = {
    "plain": {"tags": {"environment": "prod", "owner": "ada@example.org", "hidden-link:/app": "Resource"}},
    "a name of a secret": {"tags": {"secret-name": "database"}},
    "long but harmless": {"tags": {"digest": "a" * 86, "commit": "0123456789abcdef0123456789abcdef01234567"}},
    "none": {},
    "something else below the properties": {"properties": {"tags": ["a"]}},
}
BAD: BadCases = {
    "by its name": Bad(
        {"tags": {"db-password": "abc"}},
        says="tags.db-password has the name of a secret; a tag is no place for secrets",
    ),
    **{
        name: Bad({"tags": {"note": text}}, says="tags.note has the form of a secret; a tag is no place for secrets")
        for name, text in _FORMS.items()
    },
    "of an asset, whatever the first tag is": Bad(
        {"tags": {"a": UNKNOWN}, "properties": {"tags": {"token": "abc"}}},
        says="properties.tags.token has the name of a secret; a tag is no place for secrets",
    ),
    "of the program": Bad(
        {"tags": {"a": SECRET}},
        says="tags.a is a secret of the program, which Azure shows in plain text; a tag is no place for secrets",
    ),
}
UNKNOWN_CASES: UnknownCases = {"a value": {"tags": {"a": UNKNOWN}}, "all values": {"tags": UNKNOWN}}
