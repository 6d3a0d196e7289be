"""A real WordPress for tests: `with running_wordpress(address) as site:`. bin/servers/wordpress brings the programs.

MariaDB on a socket of its own and PHP's built-in server, both ended with the block; nothing of the system's is used or changed.
"""

from __future__ import annotations

import base64
import getpass
import itertools
import json
import shutil
import subprocess
import tempfile
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from masthead.connectors.tests.real import absent, free_port, program, tools

MARIADB = "/usr/sbin/mariadbd"
OWNER, PASSWORD = "owner", "only-for-tests"
SETTINGS = """<?php
define('DB_NAME', 'wp'); define('DB_USER', 'root'); define('DB_PASSWORD', ''); define('DB_HOST', 'localhost:{home}/db.sock');
define('DB_CHARSET', 'utf8mb4'); define('DB_COLLATE', '');
foreach (['AUTH_KEY', 'SECURE_AUTH_KEY', 'LOGGED_IN_KEY', 'NONCE_KEY', 'AUTH_SALT', 'SECURE_AUTH_SALT', 'LOGGED_IN_SALT',
  'NONCE_SALT'] as $name) define($name, hash('sha256', $name));
define('WP_ENVIRONMENT_TYPE', 'local'); // application passwords without https
define('WP_HTTP_BLOCK_EXTERNAL', true); define('AUTOMATIC_UPDATER_DISABLED', true); define('DISABLE_WP_CRON', true);
define('WP_HOME', '{public}'); define('WP_SITEURL', '{public}'); define('FS_METHOD', 'direct');
$table_prefix = 'wp_'; if (!defined('ABSPATH')) define('ABSPATH', __DIR__ . '/'); require_once ABSPATH . 'wp-settings.php';
"""
INSTALL = """
mysqli_report(MYSQLI_REPORT_OFF);
for ($tries = 0; $tries < 300; $tries++) {
  $database = @new mysqli("localhost", "root", "", "", 0, $argv[1]);
  if (!$database->connect_errno) break;
  usleep(100000);
}
$database->query("create database wp");
define("WP_INSTALLING", true); $_SERVER["HTTP_HOST"] = "127.0.0.1"; $_SERVER["REQUEST_METHOD"] = "GET";
require "wp-load.php"; require_once "wp-admin/includes/upgrade.php"; add_filter("pre_wp_mail", "__return_true");
wp_install("Bakery & sons", $argv[3], "owner@example.com", true, "", $argv[4]);
update_option("template", "plain"); update_option("stylesheet", "plain");
update_option("permalink_structure", $argv[2]); update_option("timezone_string", "Pacific/Auckland");
echo WP_Application_Passwords::create_new_application_password(1, ["name" => "tests"])[0];
"""
ROUTER = """<?php $path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
if ($path !== '/' && is_file($_SERVER['DOCUMENT_ROOT'] . $path)) return false;
$_SERVER['SCRIPT_NAME'] = '/index.php'; require $_SERVER['DOCUMENT_ROOT'] . '/index.php';
"""
_numbers = itertools.count(1)


@dataclass
class Site:
    """A running site; `url` is its own door, `secret` the owner's application password, `files` its folder."""

    url: str
    secret: str
    files: Path

    def call(self, method: str, route: str, body: Any = None, **query: str) -> Any:
        """One plain call in the owner's name beside the connector. Raises urllib.error.HTTPError."""
        told = urllib.parse.urlencode({"rest_route": route, **query}, safe="/,")
        pair = base64.b64encode(f"{OWNER}:{self.secret}".encode()).decode()
        headers = {"Content-Type": "application/json", "Authorization": f"Basic {pair}"}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/index.php?{told}", data, headers, method=method)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read() or b"null")

    def person(self, role: str = "author") -> tuple[int, str, str]:
        """A new user: number, name and an application password as WordPress shows it once."""
        name = f"person{next(_numbers)}"
        told = {"username": name, "email": f"{name}@example.com", "password": PASSWORD, "roles": [role]}
        number = self.call("POST", "/wp/v2/users", told)["id"]
        made = self.call("POST", f"/wp/v2/users/{number}/application-passwords", {"name": "Masthead"})
        return number, name, made["password"]

    def take_back(self, number: int | str) -> None:
        """Revoke a user's application passwords."""
        self.call("DELETE", f"/wp/v2/users/{number}/application-passwords")

    def posts(self, **query: str) -> list[dict[str, Any]]:
        """Posts with what stands in them, oldest first."""
        asked = {"context": "edit", "orderby": "id", "order": "asc", "per_page": "100", **query}
        found: list[dict[str, Any]] = self.call("GET", "/wp/v2/posts", **asked)
        return found

    @contextmanager
    def plugin(self, code: str) -> Iterator[None]:
        """A must-use plugin of that PHP code until the end of the block."""
        folder = self.files / "wp-content" / "mu-plugins"
        folder.mkdir(exist_ok=True)
        path = folder / f"plugin{next(_numbers)}.php"
        path.write_text(f"<?php {code}")
        try:
            yield
        finally:
            path.unlink()


@contextmanager
def running_wordpress(public: str, permalinks: str = "/%postname%/") -> Iterator[Site]:
    """A new site that names `public` as its address. Skips where the programs are absent."""
    place = tools("MASTHEAD_WORDPRESS", "wordpress") / "usr" / "share"
    if not (place / "wordpress" / "wp-load.php").exists() or not Path(MARIADB).exists() or not shutil.which("php"):
        absent(f"WordPress is not installed in {place.parent.parent}; run bin/servers/wordpress")
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        files = _files(home, place, public)
        with _database(home):
            yield from _serving(home, files, permalinks)


def _files(home: Path, place: Path, public: str) -> Path:
    """A copy of WordPress with settings of its own; links into its library keep their way."""
    files = home / "share" / "wordpress"
    shutil.copytree(place / "wordpress", files, symlinks=True)
    for library in ("php", "javascript"):
        (home / "share" / library).symlink_to(place / library)
    (files / "wp-config.php").unlink(missing_ok=True)
    (files / "wp-config.php").write_text(SETTINGS.format(home=home, public=public))
    (files / "wp-content" / "uploads").mkdir(parents=True, exist_ok=True)
    (home / "router.php").write_text(ROUTER)
    theme = files / "wp-content" / "themes" / "plain"
    theme.mkdir(parents=True)
    (theme / "style.css").write_text("/* Theme Name: Plain */")
    (theme / "index.php").write_text("<?php while (have_posts()) { the_post(); the_title(); the_content(); }")
    return files


@contextmanager
def _database(home: Path) -> Iterator[None]:
    data, user = home / "db", getpass.getuser()
    install = ["mariadb-install-db", "--no-defaults", f"--user={user}", f"--datadir={data}", "--skip-test-db"]
    method = "--auth-root-authentication-method=normal"
    subprocess.run([*install, method], cwd=home, check=True, capture_output=True)
    small = ["--innodb-buffer-pool-size=32M", "--innodb-flush-log-at-trx-commit=0", "--performance-schema=0"]
    where = [f"--datadir={data}", f"--socket={home}/db.sock", f"--pid-file={home}/db.pid", "--skip-networking"]
    with program([MARIADB, "--no-defaults", f"--user={user}", *where, *small], home=home):
        yield


def _serving(home: Path, files: Path, permalinks: str) -> Iterator[Site]:
    php = ["php", "-d", "memory_limit=256M"]
    command = [*php, "-r", INSTALL, "--", f"{home}/db.sock", permalinks, OWNER, PASSWORD]
    secret = subprocess.run(command, cwd=files, check=True, capture_output=True, text=True, timeout=120).stdout
    address = f"127.0.0.1:{free_port()}"
    served = [*php, "-S", address, "-t", str(files), str(home / "router.php")]
    workers: Mapping[str, str] = {"PHP_CLI_SERVER_WORKERS": "4"}
    with program(served, home=home, ready=f"http://{address}/index.php?rest_route=/", environment=workers):
        yield Site(f"http://{address}", secret, files)
