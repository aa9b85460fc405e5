"""The example configuration is complete and right."""

import tomllib
from pathlib import Path

import msgspec
import pytest

from fedcoop import config
from fedcoop.errors import Invalid

EXAMPLE = Path(__file__).parents[2] / "deploy" / "config.example.toml"


def test_the_example_has_every_setting_with_its_default() -> None:
    example = msgspec.convert(tomllib.loads(EXAMPLE.read_text()), config.Config)
    assert example == config.Config()
    assert set(tomllib.loads(EXAMPLE.read_text())) == set(config.Config.__struct_fields__)


def test_an_unknown_key_is_an_error_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('domian = "coop.example"\n')
    with pytest.raises(Invalid, match="domian"):
        config.load(str(tmp_path), env={})


def test_an_unknown_environment_variable_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="FEDCOOP_DOMIAN"):
        config.load(str(tmp_path), env={"FEDCOOP_DOMIAN": "coop.example"})


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('domain = "a.example"\nport = 1\n')
    found = config.load(
        str(tmp_path),
        env={"FEDCOOP_DOMAIN": "B.example", "FEDCOOP_RATE_LIMITS": "false", "FEDCOOP_LANGUAGES": "de, fr"},
    )
    assert (found.domain, found.port, found.rate_limits) == ("b.example", 1, False)
    assert found.languages == ("de", "fr")


def test_a_value_that_does_not_fit_is_an_error_that_names_the_setting(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="FEDCOOP_PORT"):
        config.load(str(tmp_path), env={"FEDCOOP_PORT": "many"})
