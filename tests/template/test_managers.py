"""Programs that start what a file says."""

import pytest

from constructs_lib.template.managers import manager_among


@pytest.mark.parametrize(
    ("command", "name"),
    [
        ("/usr/bin/supervisord -n", "supervisord"),
        ("bundle exec foreman start", "foreman"),
        ("/rails/bin/jobs", "bin/jobs"),
        ("pm2-runtime config/ecosystem.config.js", "pm2-runtime"),
        ("pm2-docker process.yml", "pm2-docker"),
        ("python manage.py qcluster", "qcluster"),
    ],
)
def test_it_is_known_wherever_it_lies_and_behind_whatever_hands_on_to_it(command: str, name: str) -> None:
    assert manager_among(command.split()) == name


@pytest.mark.parametrize(
    "command", ["jobs", "./jobs", "pm2-runtime app.js", "pm2-runtime npm -- start", "node x.js", ""]
)
def test_a_program_of_another_name_or_one_that_is_given_no_file_is_none(command: str) -> None:
    assert manager_among(command.split()) is None
