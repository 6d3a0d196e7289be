"""A real Synapse for tests: `with running_synapse() as synapse:`. bin/servers/matrix brings the program."""

from __future__ import annotations

import hashlib
import hmac
import itertools
import json
import subprocess
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from masthead.connectors.tests.real import absent, free_port, program, tools

SHARED = "only-for-tests"
PASSWORD = "correct-horse-battery"
LIMITS = "{per_second: 1000, burst_count: 1000}"
SETTINGS = """
server_name: "localhost:{port}"
public_baseurl: "{public}/"
pid_file: {home}/pid
listeners: [{{port: {port}, type: http, tls: false, bind_addresses: ['127.0.0.1'], resources: [{{names: [client], compress: false}}]}}]
database: {{name: sqlite3, args: {{database: {home}/rooms.db}}}}
media_store_path: {home}/media
signing_key_path: {home}/signing.key
registration_shared_secret: "{shared}"
macaroon_secret_key: "m"
form_secret: "f"
report_stats: false
trusted_key_servers: []
suppress_key_server_warning: true
federation_domain_whitelist: []
rc_message: {limits}
rc_registration: {limits}
rc_login: {{address: {limits}, account: {limits}, failed_attempts: {limits}}}
rc_joins: {{local: {limits}}}
rc_joins_per_room: {limits}
rc_room_creation: {limits}
max_upload_size: 10M
bcrypt_rounds: 4
"""
_numbers = itertools.count(1)


@dataclass
class Synapse:
    """A running homeserver; `url` is its own door."""

    url: str

    def call(self, method: str, path: str, body: Any = None, token: str = "") -> Any:
        """One plain call beside the connector. Raises urllib.error.HTTPError."""
        headers = {"Content-Type": "application/json", **({"Authorization": f"Bearer {token}"} if token else {})}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}{path}", data, headers, method=method)
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.loads(answer.read() or b"{}")

    def person(self) -> tuple[str, str]:
        """A new person: full name and a token."""
        path, name = "/_synapse/admin/v1/register", f"person{next(_numbers)}"
        nonce = self.call("GET", path)["nonce"]
        said = "\0".join((nonce, name, PASSWORD, "notadmin"))
        mac = hmac.new(SHARED.encode(), said.encode(), hashlib.sha1).hexdigest()
        body = {"nonce": nonce, "username": name, "password": PASSWORD, "admin": False, "mac": mac}
        made = self.call("POST", path, body)
        return made["user_id"], made["access_token"]

    def room(self, token: str, name: str, *, encrypted: bool = False) -> str:
        """A new public room."""
        state = {"type": "m.room.encryption", "state_key": "", "content": {"algorithm": "m.megolm.v1.aes-sha2"}}
        body = {"preset": "public_chat", "name": name, "initial_state": [state] if encrypted else []}
        return str(self.call("POST", "/_matrix/client/v3/createRoom", body, token)["room_id"])


@contextmanager
def running_synapse(public: str) -> Iterator[Synapse]:
    """A homeserver with an empty database that names `public` as its address. Skips where the program is absent."""
    python = tools("MASTHEAD_SYNAPSE", "synapse") / "bin" / "python"
    if not python.exists():
        absent(f"Synapse is not installed in {python.parent.parent}; run bin/servers/matrix")
    with tempfile.TemporaryDirectory() as folder:
        home, port = Path(folder), free_port()
        told = {"home": home, "port": port, "shared": SHARED, "limits": LIMITS, "public": public}
        (home / "settings.yaml").write_text(SETTINGS.format(**told))
        command = [python, "-m", "synapse.app.homeserver", "-c", "settings.yaml"]
        subprocess.run([*command, "--generate-keys"], cwd=home, check=True, capture_output=True)
        with program(command, home=home, ready=f"http://127.0.0.1:{port}/health"):
            yield Synapse(f"http://127.0.0.1:{port}")
