"""A site connected to a directory: `python -m tests.web.accounts.directory_site`, because settings are read once in a process.

The directory is a small OpenID Connect provider on loopback that vouches for whatever staff number it is told to. Prints what
happened as JSON.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

HOME = Path(tempfile.mkdtemp(prefix="xiezhi-oidc-"))
VOUCHED = {"sub": "u-1", "staff_number": ""}
ASKED: list[dict[str, list[str]]] = []


class Provider(BaseHTTPRequestHandler):
    def answer(self, body: object) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def do_GET(self) -> None:
        base = f"http://127.0.0.1:{self.server.server_address[1]}"
        if self.path.startswith("/.well-known/"):
            names = {
                "authorization_endpoint": "authorize",
                "token_endpoint": "token",
                "userinfo_endpoint": "userinfo",
                "jwks_uri": "keys",
            }
            self.answer({"issuer": base, **{name: f"{base}/{end}" for name, end in names.items()}})
        else:
            self.answer(VOUCHED)

    def do_POST(self) -> None:
        ASKED.append(parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode()))
        self.answer({"access_token": "t", "token_type": "Bearer", "expires_in": 60})

    def log_message(self, *_words: object) -> None:
        return


def main() -> None:
    provider = ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    threading.Thread(target=provider.serve_forever, daemon=True).start()
    secret = HOME / "oidc.secret"
    secret.write_text("the client's secret\n")
    os.environ |= {
        "XIEZHI_HOME": str(HOME),
        "XIEZHI_MODE": "site",
        "XIEZHI_HTTPS": "no",
        "XIEZHI_HOSTS": "testserver",
        "XIEZHI_OIDC_URL": f"http://127.0.0.1:{provider.server_address[1]}",
        "XIEZHI_OIDC_ID": "xiezhi",
        "XIEZHI_OIDC_SECRET_FILE": str(secret),
    }
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xiezhi.web.config.settings")
    import django

    django.setup()
    from tests.web.accounts.directory_story import story

    json.dump(story(HOME, VOUCHED, ASKED), sys.stdout)


if __name__ == "__main__":
    main()
