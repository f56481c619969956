import os
import signal
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest
import redis

from okplatform.local.errors import LocalError
from okplatform.local.layout import Layout
from okplatform.local.locks import opened_lock, share, take
from okplatform.local.processes import wait_until
from okplatform.local.services import Services
from okplatform.local.status import Status
from tests.local.users import another_user


@pytest.fixture
def services(base: Path) -> Iterator[Services]:
    services = Services(base, durable=False)
    services.join()
    yield services
    services.leave()


def ask(services: Services, question: str) -> list[tuple[object, ...]]:
    connection = psycopg2.connect(services.urls.database_url)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(question)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


def status_of(services: Services) -> Status:
    status = services.status
    assert status is not None
    return status


def is_stopped(services: Services) -> bool:
    return services.status is None


def is_gone(pid: int) -> bool:
    return wait_until(lambda: not Path(f"/proc/{pid}").exists(), seconds=10)


def test_whoever_joins_finds_postgresql_18_and_redis(services: Services) -> None:
    assert ask(services, "SHOW server_version_num")[0][0].startswith("18")  # type: ignore[attr-defined]
    with redis.Redis.from_url(services.urls.redis_url) as client:
        assert client.ping()


def test_nothing_listens_on_the_network_and_only_the_owner_may_enter(services: Services) -> None:
    assert ask(services, "SHOW listen_addresses") == [("",)]
    sockets = Layout(Path(services.urls.redis_url.removeprefix("unix://")).parents[1]).sockets
    assert sockets.stat().st_mode & 0o077 == 0


def test_two_users_share_one_database_and_the_last_to_leave_stops_it(base: Path) -> None:
    first, second = Services(base, durable=False), Services(base, durable=False)
    first.join()
    before = status_of(first)
    second.join()
    assert second.status == before
    first.leave()
    assert second.status == before
    second.leave()
    assert is_stopped(second)
    assert is_gone(before.postgres_pid)
    assert is_gone(before.redis_pid)


def test_a_daemon_about_to_stop_is_not_taken_for_another_user(empty_base: Path) -> None:
    services, layout = Services(empty_base), Layout(empty_base)
    layout.make_folders()
    with opened_lock(layout.lock) as lock, opened_lock(layout.users) as users:
        assert take(lock)
        Status(pid=os.getpid(), postgres_pid=1, redis_pid=1).write(lock)
        share(users)  # another user
        assert services._is_left_as_found()
        assert take(users)  # the daemon: nobody uses them any more
        assert not services._is_left_as_found()


def test_what_was_written_is_there_after_the_next_start(base: Path) -> None:
    services = Services(base, durable=False)
    with services:
        ask(services, "CREATE TABLE kept AS SELECT 7 AS number")
    assert is_stopped(services)
    with services:
        assert ask(services, "SELECT number FROM kept") == [(7,)]


def test_a_killed_user_frees_its_claim(base: Path) -> None:
    services = Services(base, durable=False)
    with another_user(base) as user:
        assert user.hears() == "joined"
        daemon = status_of(services).pid
        user.is_killed()
    assert is_gone(daemon)
    assert is_stopped(services)


def test_a_killed_daemon_takes_its_servers_along_and_the_next_start_recovers(base: Path) -> None:
    services = Services(base, durable=False)
    services.join()
    ask(services, "CREATE TABLE kept AS SELECT 7 AS number")
    before = status_of(services)
    os.kill(before.pid, signal.SIGKILL)
    assert is_gone(before.postgres_pid)
    assert is_gone(before.redis_pid)

    assert services.ensure()
    assert status_of(services).pid != before.pid
    assert ask(services, "SELECT number FROM kept") == [(7,)]
    assert not services.ensure()
    services.leave()


def test_a_daemon_restarts_a_server_that_was_killed(services: Services) -> None:
    before = status_of(services)
    os.kill(before.redis_pid, signal.SIGKILL)
    assert wait_until(
        lambda: status_of(services).redis_pid not in {before.redis_pid, 0}, seconds=10
    )
    assert status_of(services).postgres_pid == before.postgres_pid
    with redis.Redis.from_url(services.urls.redis_url) as client:
        assert client.ping()


def test_a_stale_pid_file_that_names_somebody_else_is_forgotten(base: Path) -> None:
    with Services(base, durable=False):
        pid_file = Layout(base).data / "postmaster.pid"
        lines = pid_file.read_text().splitlines()
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]))
    with Services(base, durable=False):
        assert pid_file.read_text().splitlines()[0] != str(os.getpid())


def test_a_cluster_whose_making_was_interrupted_is_made_anew(empty_base: Path) -> None:
    (empty_base / "postgres.new").mkdir()
    (empty_base / "postgres.new" / "PG_VERSION").write_text("18")
    services = Services(empty_base, durable=False)
    with services:
        assert ask(services, "SELECT 1") == [(1,)]


def test_a_folder_whose_name_is_too_long_for_a_socket_works_too(base: Path) -> None:
    services = Services(base / ("long" * 25), durable=False)
    with services:
        assert ask(services, "SELECT 1") == [(1,)]
        with redis.Redis.from_url(services.urls.redis_url) as client:
            assert client.ping()


def test_a_data_directory_that_does_not_start_is_one_sentence(empty_base: Path) -> None:
    (empty_base / "postgres").mkdir(mode=0o700)
    services = Services(empty_base, durable=False)
    with pytest.raises(LocalError, match="PostgreSQL did not start") as caught:
        services.join()
    assert "\n" not in str(caught.value)
    assert is_stopped(services)
