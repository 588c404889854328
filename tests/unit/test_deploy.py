"""The Kubernetes base holds together: what it names exists, and every pod is restricted."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from stadtfunk.cli import parser
from stadtfunk.settings.table import TableReader

BASE = Path(__file__).parents[2] / "deploy" / "k8s" / "base"
KUSTOMIZATION = yaml.safe_load((BASE / "kustomization.yaml").read_text())


def documents() -> Iterator[dict[str, Any]]:
    """Yield every object of the base."""
    for name in KUSTOMIZATION["resources"]:
        yield from yaml.safe_load_all((BASE / name).read_text())


WORKLOADS = [each for each in documents() if "template" in each.get("spec", {})]


def test_every_manifest_stands_in_the_kustomization() -> None:
    there = {file.name for file in BASE.glob("*.yaml")} - {"kustomization.yaml"}
    assert there == set(KUSTOMIZATION["resources"])


def test_there_is_a_workload_for_every_role_of_the_distributed_platform() -> None:
    roles = {each["spec"]["template"]["spec"]["containers"][0]["args"][0] for each in WORKLOADS}
    assert roles == {"migrate", "ingest", "backfill", "connect", "process", "sink", "serve"}


def test_the_settings_of_the_base_are_known_settings() -> None:
    mistakes: list[str] = []
    TableReader(mistakes).settings(tomllib.loads((BASE / "settings.toml").read_text()))
    assert mistakes == []


@pytest.mark.parametrize("workload", WORKLOADS, ids=lambda each: each["metadata"]["name"])
def test_every_pod_meets_the_restricted_standard(workload: dict[str, Any]) -> None:
    pod = workload["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    assert pod["securityContext"]["runAsNonRoot"]
    assert pod["securityContext"]["seccompProfile"]["type"] == "RuntimeDefault"
    assert container["securityContext"]["capabilities"]["drop"] == ["ALL"]
    assert not container["securityContext"]["allowPrivilegeEscalation"]
    assert container["resources"]["limits"]["memory"] == container["resources"]["requests"]["memory"]


@pytest.mark.parametrize("workload", WORKLOADS, ids=lambda each: each["metadata"]["name"])
def test_every_volume_mount_has_its_volume(workload: dict[str, Any]) -> None:
    pod = workload["spec"]["template"]["spec"]
    mounted = {mount["name"] for mount in pod["containers"][0]["volumeMounts"]}
    assert mounted == {volume["name"] for volume in pod["volumes"]}


@pytest.mark.parametrize("workload", WORKLOADS, ids=lambda each: each["metadata"]["name"])
def test_what_a_pod_and_its_probe_are_told_are_words_of_ours(workload: dict[str, Any]) -> None:
    (container,) = workload["spec"]["template"]["spec"]["containers"]
    probe = container.get("livenessProbe", {}).get("exec", {}).get("command", ["stadtfunk", *container["args"]])
    assert probe[0] == "stadtfunk"
    for words in (container["args"], probe[1:]):
        assert parser().parse_args(words).config == Path("/etc/stadtfunk/settings/stadtfunk.toml")


CONNECTING = [each for each in WORKLOADS if each["metadata"]["name"].startswith("stadtfunk-connect")]


def test_every_connector_is_run_by_one_workload_which_asks_for_its_own() -> None:
    settings = TableReader([]).settings(tomllib.loads((BASE / "settings.toml").read_text()))
    run: list[str] = []
    for workload in CONNECTING:
        (container,) = workload["spec"]["template"]["spec"]["containers"]
        names = parser().parse_args(container["args"]).only
        asked = parser().parse_args(container["livenessProbe"]["exec"]["command"][1:])
        assert (asked.alive, asked.only) == (True, names)
        run += names
    assert sorted(run) == sorted(each.name for each in settings.connectors)


def test_what_several_processes_of_a_kind_are_told_apart_by_is_the_name_of_their_pod() -> None:
    for workload in (each for each in WORKLOADS if each["kind"] == "StatefulSet"):
        (container,) = workload["spec"]["template"]["spec"]["containers"]
        names = [each["name"] for each in container.get("env", [])]
        alone = workload["metadata"]["name"] == "stadtfunk-backfill"
        assert names == ([] if alone else ["STADTFUNK_KAFKA_INSTANCE_ID"])


def test_an_api_in_clear_is_asked_for_visibly() -> None:
    serve = next(each for each in WORKLOADS if each["metadata"]["name"] == "stadtfunk-serve")
    assert "--insecure" in serve["spec"]["template"]["spec"]["containers"][0]["args"]
