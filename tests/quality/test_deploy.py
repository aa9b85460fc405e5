"""The deployment files fit the program: what they run is understood, what they copy is there."""

import ipaddress
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from fedcoop.config import Config
from tests.quality.reading import (
    ROOT,
    assert_understood,
    documents,
    name_of,
    our_arguments,
    simple_commands,
)

DEPLOY = ROOT / "deploy"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
SETTINGS = {f"FEDCOOP_{name.upper()}" for name in Config.__struct_fields__}
FILES = sorted(path for path in DEPLOY.iterdir() if path.name != ".env")


def _text(name: str) -> str:
    return (DEPLOY / name).read_text("utf-8")


def _unit() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in _text("fedcoop.service").splitlines():
        if "=" in line and not line.startswith("#"):
            key, _, value = line.partition("=")
            found.setdefault(key, []).append(value)
    return found


def _instructions() -> list[list[str]]:
    """The Dockerfile's instructions, split into words, comments left out."""
    lines = [line for line in _text("Dockerfile").splitlines() if not line.startswith("#")]
    joined = "\n".join(lines).replace("\\\n", " ")
    return [line.split() for line in joined.splitlines() if line.strip()]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_setting_in_a_deployment_file_is_one(path: Path) -> None:
    assert set(re.findall(r"\bFEDCOOP_[A-Z_]*[A-Z]\b", path.read_text("utf-8"))) <= SETTINGS


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_deployment_file_is_told_of(path: Path) -> None:
    if path.name != "Dockerfile.dockerignore":
        assert any(f"deploy/{path.name}" in one.read_text("utf-8") for one in documents())


def test_the_service_runs_the_console_script_on_its_own_data_directory() -> None:
    unit = _unit()
    (command,) = unit["ExecStart"]
    program, *arguments = command.split()
    assert Path(program).name in PROJECT["project"]["scripts"]
    assert program == "/opt/fedcoop/.venv/bin/fedcoop"  # where `make install` puts it in a clone there
    assert_understood(arguments)
    assert arguments[arguments.index("--data") + 1] == f"/var/lib/{unit['StateDirectory'][0]}"
    (documentation,) = unit["Documentation"]
    assert (ROOT / documentation.removeprefix("file:/opt/fedcoop/")).exists()


def test_the_service_may_do_nothing_but_what_it_needs() -> None:
    unit = _unit()
    assert unit["User"] == ["fedcoop"]
    assert unit["CapabilityBoundingSet"] == [""]
    assert unit["ProtectSystem"] == ["strict"]
    assert unit["UMask"] == ["0077"]
    for key in ("NoNewPrivileges", "ProtectHome", "PrivateTmp", "PrivateDevices", "ProtectKernelTunables"):
        assert unit[key] == ["yes"], key


def test_the_image_installs_only_what_is_locked_and_runs_as_nobody_special() -> None:
    told = _instructions()
    installs = [words for words in told if "pip" in " ".join(words) and "install" in words]
    assert installs
    assert all("--require-hashes" in words for words in installs)
    users = [words[1] for words in told if words[0] == "USER"]
    assert users
    assert users[-1] not in ("root", "0")
    wanted = PROJECT["project"]["requires-python"].removeprefix(">=")
    for words in told:
        if words[0] == "FROM":
            version = re.match(r"python:(\d+\.\d+)-", words[1])
            assert version
            assert tuple(map(int, version[1].split("."))) >= tuple(map(int, wanted.split(".")))


def test_the_image_holds_every_package_and_its_context_lets_them_through() -> None:
    let_through = {line[1:] for line in _text("Dockerfile.dockerignore").splitlines() if line.startswith("!")}
    copied = {
        source
        for words in _instructions()
        if words[0] == "COPY" and not words[1].startswith("--from")
        for source in words[1:-1]
    }
    packages = {
        name.removesuffix("*") for name in PROJECT["tool"]["setuptools"]["packages"]["find"]["include"]
    }
    assert packages <= copied
    assert copied == let_through
    assert all((ROOT / source).exists() for source in copied)


def test_the_image_serves_by_default() -> None:
    told = {words[0]: " ".join(words[1:]) for words in _instructions()}
    assert told["ENTRYPOINT"] == '["fedcoop"]'
    assert told["CMD"] == '["serve"]'
    assert_understood(["serve"])


def test_the_containers_stand_behind_the_proxy_that_they_trust() -> None:
    text = _text("compose.yaml")
    proxy = re.search(r"FEDCOOP_TRUSTED_PROXIES: (\S+)", text)
    subnet = re.search(r"subnet: (\S+)", text)
    assert proxy
    assert subnet
    network = ipaddress.ip_network(subnet[1])
    assert ipaddress.ip_address(proxy[1]) == next(network.hosts())  # the gateway, by which the host arrives
    assert f"- 127.0.0.1:{Config().port}:{Config().port}" in text
    assert "dockerfile: deploy/Dockerfile" in text


def test_the_commands_in_the_first_lines_are_understood() -> None:
    shown = "\n".join(
        line.lstrip("# ") for line in _text("compose.yaml").splitlines() if line.startswith("#   ")
    )
    ours = [found for words in simple_commands(shown) if (found := our_arguments(words))]
    assert ours == [["init"]]
    for arguments in ours:
        assert_understood(arguments)


@pytest.mark.parametrize("name", ["Caddyfile", "nginx.conf"])
def test_a_proxy_leads_to_where_we_listen_by_default(name: str) -> None:
    assert f"{Config().host}:{Config().port}" in _text(name)
    assert 'trusted_proxies = ["127.0.0.1"]' in _text(name)


def test_nginx_lets_streams_through() -> None:
    text = _text("nginx.conf")
    assert "location /api/v1/streaming" in text
    assert "proxy_set_header Upgrade $http_upgrade;" in text


def test_nginx_passes_on_the_host_and_not_what_clients_claim() -> None:
    text = _text("nginx.conf")
    assert "proxy_set_header Host $host;" in text
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in text
    assert "$proxy_add_x_forwarded_for" not in text
    size = re.search(r"client_max_body_size (\d+)m;", text)
    assert size
    assert int(size[1]) << 20 > 2 * Config().media_max_bytes


def test_caddy_takes_its_file(tmp_path: Path) -> None:
    caddy = shutil.which("caddy")
    if caddy is None:
        pytest.skip("Caddy is not installed (Debian: caddy)")
    command = [caddy, "validate", "--adapter", "caddyfile", "--config", str(DEPLOY / "Caddyfile")]
    homes = {"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}
    run = subprocess.run(command, capture_output=True, text=True, check=False, env=homes, timeout=60)
    assert run.returncode == 0, run.stderr


def test_documents_and_files_agree_on_where_things_are() -> None:
    told = (ROOT / "docs/operators.md").read_text("utf-8")
    for place in ("/opt/fedcoop", "/var/lib/fedcoop", "/etc/fedcoop.env"):
        assert place in told, f"{name_of(ROOT / 'docs/operators.md')} does not name {place}"
        assert place in _text("fedcoop.service")
