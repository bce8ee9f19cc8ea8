"""The key file: made once, private, and refused where others may read it."""

from __future__ import annotations

import json
import stat
import threading

import pytest

from hospes.config import keyfiles
from hospes.config.environment import EnvironmentFault
from hospes.config.keyfiles import VAPID

# 32 bytes in base64: a sealing key; what is no private key on P-256 (nought, and too much).
KEY = "QUJD" * 10 + "QUI="
ZERO = "A" * 43 + "="
FULL = "/" * 42 + "8="


def test_keys_are_made_with_a_private_mode_and_stay_the_same(tmp_path):
    folder = tmp_path / "data"
    first = keyfiles.load(folder)
    path = folder / "keys.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    second = keyfiles.load(folder)
    assert second.django_secret == first.django_secret
    assert second.key_encryption_keys == first.key_encryption_keys
    assert [len(key) for key in first.key_encryption_keys.values()] == [32]


def test_a_data_folder_that_cannot_be_made_is_told_in_one_line(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(EnvironmentFault, match="HOSPES_DATA_DIR"):
        keyfiles.load(tmp_path / "file" / "data")


def test_processes_that_start_at_once_agree_on_the_keys(tmp_path):
    # flock is per open file, so that threads stand for processes here.
    folder = tmp_path / "data"
    start = threading.Barrier(8)
    found = []

    def load():
        start.wait()
        found.append(keyfiles.load(folder).django_secret)

    threads = [threading.Thread(target=load) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o660, 0o666])
def test_a_key_file_that_others_may_read_is_refused(tmp_path, mode):
    keyfiles.load(tmp_path)
    path = tmp_path / "keys.json"
    path.chmod(mode)
    with pytest.raises(EnvironmentFault, match="chmod 600"):
        keyfiles.load(tmp_path)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{}",
        '{"django_secret": "x"}',
        '{"django_secret": "x", "key_encryption_keys": {}}',
        '{"django_secret": "x", "key_encryption_keys": {"k1": "short"}}',
        '{"django_secret": "x", "key_encryption_keys": {"k1": 7}}',
        '{"django_secret": "x", "key_encryption_keys": ["k1"]}',
        f'{{"django_secret": "x", "key_encryption_keys": {{"k1": "{KEY}"}}, "{VAPID}": "AAAA"}}',
        f'{{"django_secret": "x", "key_encryption_keys": {{"k1": "{KEY}"}}, "{VAPID}": "{ZERO}"}}',
        f'{{"django_secret": "x", "key_encryption_keys": {{"k1": "{KEY}"}}, "{VAPID}": "{FULL}"}}',
        f'{{"django_secret": "x", "key_encryption_keys": {{"k1": "{KEY}"}}, "{VAPID}": null}}',
    ],
)
def test_a_damaged_key_file_is_refused_and_left_as_it_is(tmp_path, content):
    path = tmp_path / "keys.json"
    path.write_text(content)
    path.chmod(0o600)
    with pytest.raises(EnvironmentFault, match="backup"):
        keyfiles.load(tmp_path)
    assert path.read_text() == content


def test_a_key_added_by_another_process_is_seen_at_once(tmp_path):
    running = keyfiles.load(tmp_path)
    before = dict(running.key_encryption_keys)
    name = keyfiles.add_key_encryption_key(tmp_path)
    assert list(running.key_encryption_keys) == [*before, name]
    assert running.key_encryption_keys["k1"] == before["k1"]
    assert stat.S_IMODE((tmp_path / "keys.json").stat().st_mode) == 0o600
    content = json.loads((tmp_path / "keys.json").read_text())
    assert content["django_secret"] == running.django_secret


def test_an_older_file_gets_the_key_of_push_services_and_keeps_the_others(tmp_path):
    before = keyfiles.load(tmp_path)
    path = tmp_path / "keys.json"
    content = json.loads(path.read_text())
    del content[VAPID]
    path.write_text(json.dumps(content))
    old = path.read_text()
    after = keyfiles.load(tmp_path)
    kept = json.loads(path.read_text())
    assert kept.pop(VAPID)
    assert kept == json.loads(old)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(after.vapid_private_key) == 32
    assert after.key_encryption_keys == before.key_encryption_keys
    assert keyfiles.load(tmp_path).vapid_private_key == after.vapid_private_key


def test_processes_that_complete_an_older_file_at_once_agree(tmp_path):
    keyfiles.load(tmp_path)
    path = tmp_path / "keys.json"
    content = json.loads(path.read_text())
    del content[VAPID]
    path.write_text(json.dumps(content))
    start = threading.Barrier(8)
    found = []

    def load():
        start.wait()
        found.append(keyfiles.load(tmp_path).vapid_private_key)

    threads = [threading.Thread(target=load) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1


def test_a_new_sealing_key_leaves_the_key_of_push_services_alone(tmp_path):
    before = keyfiles.load(tmp_path).vapid_private_key
    keyfiles.add_key_encryption_key(tmp_path)
    assert keyfiles.load(tmp_path).vapid_private_key == before
