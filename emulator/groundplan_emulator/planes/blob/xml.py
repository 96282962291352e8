# SPDX-License-Identifier: Apache-2.0
"""The XML of the blob service, and its dates."""

from __future__ import annotations

from collections.abc import Mapping
from email.utils import formatdate
from xml.etree import ElementTree as Tree

from groundplan_emulator.planes.blob.rows import Blob

CONTENT_TYPE = "application/xml"


def http_date(seconds: float) -> str:
    """`Sat, 31 Jan 2026 12:00:00 GMT`."""
    return formatdate(seconds, usegmt=True)


def error(code: str, message: str) -> bytes:
    """The body of a refusal."""
    root = Tree.Element("Error")
    _leaves(root, {"Code": code, "Message": message})
    return document(root)


def document(root: Tree.Element) -> bytes:
    """With the XML declaration."""
    return Tree.tostring(root, encoding="utf-8", xml_declaration=True)


def results(endpoint: str, container: str = "", **said: str) -> Tree.Element:
    """`EnumerationResults`, with what the request said (empty values left out)."""
    root = Tree.Element(
        "EnumerationResults", {"ServiceEndpoint": endpoint} | ({"ContainerName": container} if container else {})
    )
    _leaves(root, {name: value for name, value in said.items() if value})
    return root


def add_container(
    parent: Tree.Element, name: str, properties: Mapping[str, str], metadata: Mapping[str, str] | None
) -> None:
    """One container of a listing."""
    item = Tree.SubElement(parent, "Container")
    _leaves(item, {"Name": name})
    _leaves(Tree.SubElement(item, "Properties"), properties)
    if metadata is not None:
        _leaves(Tree.SubElement(item, "Metadata"), metadata)


def add_blob(parent: Tree.Element, blob: Blob, *, metadata: bool) -> None:
    """One blob of a listing."""
    item = Tree.SubElement(parent, "Blob")
    _leaves(item, {"Name": blob.name})
    said = {
        "Creation-Time": http_date(blob.created),
        "Last-Modified": http_date(blob.modified),
        "Etag": blob.etag.strip('"'),
        "Content-Length": str(blob.size),
        **{name.title().replace("Md5", "MD5"): value for name, value in blob.properties.items()},
        "BlobType": "BlockBlob",
        "AccessTier": blob.tier or "Hot",
        **({} if blob.tier else {"AccessTierInferred": "true"}),
        "LeaseStatus": "unlocked",
        "LeaseState": "available",
        "ServerEncrypted": "true",
    }
    _leaves(Tree.SubElement(item, "Properties"), said)
    if metadata:
        _leaves(Tree.SubElement(item, "Metadata"), blob.metadata)


def add_prefix(parent: Tree.Element, prefix: str) -> None:
    """One virtual folder of a listing."""
    _leaves(Tree.SubElement(parent, "BlobPrefix"), {"Name": prefix})


def block_list(committed: list[tuple[str, int]], uncommitted: list[tuple[str, int]]) -> bytes:
    """What `comp=blocklist` answers."""
    root = Tree.Element("BlockList")
    for label, blocks in (("CommittedBlocks", committed), ("UncommittedBlocks", uncommitted)):
        group = Tree.SubElement(root, label)
        for name, size in blocks:
            _leaves(Tree.SubElement(group, "Block"), {"Name": name, "Size": str(size)})
    return document(root)


def simple(root_name: str, leaves: Mapping[str, str]) -> bytes:
    """An element with text children."""
    root = Tree.Element(root_name)
    _leaves(root, leaves)
    return document(root)


def _leaves(parent: Tree.Element, leaves: Mapping[str, str]) -> None:
    for name, text in leaves.items():
        Tree.SubElement(parent, name).text = text
