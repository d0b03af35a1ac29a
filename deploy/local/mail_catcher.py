#!/usr/bin/env python3
"""A mail catcher for development and tests: SMTP in, HTTP out, mails kept in a folder.

    GET    /messages?to=someone@example.org   a list, newest first: id, from, to, subject, message_id, received_at, size
    GET    /messages?after=ID&limit=1000      a page of all, oldest first, after that one (or from the first, when it is empty)
    GET    /messages/{id}                     the mail as it arrived, message/rfc822
    DELETE /messages?to=                      forgets all, or those to one recipient
    GET    /health

Some recipients simulate what real servers do: refuse-450@… is put off, refuse-550@… is refused, slow@… takes ten seconds.
Needs Debian's python3-aiosmtpd, or the package aiosmtpd.
"""

import argparse
import asyncio
import email
import email.policy
import itertools
import json
import os
import signal
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from aiosmtpd.smtp import SMTP

SLOW_SECONDS = 10


class Mailbox:
    """The mails, oldest dropped beyond the limit. Index in memory, bodies on disk."""

    def __init__(self, folder, limit):
        self.folder, self.limit = Path(folder), limit
        self.folder.mkdir(parents=True, exist_ok=True)
        self.lock = threading.Lock()
        self.mails = {}
        for path in sorted(self.folder.glob("*.json")):
            mail = json.loads(path.read_text())
            self.mails[mail["id"]] = mail
        self.ids = itertools.count(max((int(i) for i in self.mails), default=0) + 1)

    def add(self, sender, recipients, content):
        headers = email.message_from_bytes(content, policy=email.policy.default)
        with self.lock:
            identifier = f"{next(self.ids):010d}"
            mail = {
                "id": identifier,
                "from": sender,
                "to": recipients,
                "subject": str(headers.get("Subject", "")),
                "message_id": str(headers.get("Message-ID", "")),
                "received_at": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime()) + f".{time.time_ns() // 1_000_000 % 1000:03d}Z",
                "size": len(content),
            }
            (self.folder / f"{identifier}.eml").write_bytes(content)
            (self.folder / f"{identifier}.json").write_text(json.dumps(mail))
            self.mails[identifier] = mail
            while len(self.mails) > self.limit:
                self._drop(next(iter(self.mails)))

    def list(self, recipient=None):
        with self.lock:
            mails = list(self.mails.values())
        if recipient:
            mails = [m for m in mails if recipient.lower() in (t.lower() for t in m["to"])]
        return mails[::-1]

    def page(self, after, limit):
        with self.lock:
            # Ids have one length and grow, and a dict keeps the order of insertion.
            return list(itertools.islice((m for i, m in self.mails.items() if i > after), limit))

    def read(self, identifier):
        with self.lock:
            return (self.folder / f"{identifier}.eml").read_bytes() if identifier in self.mails else None

    def clear(self, recipient=None):
        gone = self.list(recipient)
        with self.lock:
            for mail in gone:
                self._drop(mail["id"])
        return len(gone)

    def _drop(self, identifier):
        if self.mails.pop(identifier, None) is not None:
            for suffix in (".eml", ".json"):
                (self.folder / (identifier + suffix)).unlink(missing_ok=True)


class Catcher:
    """What the SMTP server asks at each step."""

    def __init__(self, mailbox):
        self.mailbox = mailbox

    async def handle_RCPT(self, server, session, envelope, address, options):
        name = address.split("@")[0].lower()
        if name.startswith("refuse-450"):
            return "450 4.2.1 The mailbox is busy, try again later"
        if name.startswith("refuse-550"):
            return "550 5.1.1 There is no such mailbox"
        if name.startswith("slow"):
            await asyncio.sleep(SLOW_SECONDS)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.mailbox.add(envelope.mail_from, list(envelope.rcpt_tos), envelope.original_content or envelope.content)
        return "250 2.0.0 Kept"


def handler_for(mailbox):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            path, query = self.target()
            if path == "/health":
                self.answer(200, b"ok", "text/plain")
            elif path == "/messages" and "limit" in query:
                page = mailbox.page(query.get("after", ""), int(query["limit"]))
                self.answer(200, json.dumps(page).encode(), "application/json")
            elif path == "/messages":
                self.answer(200, json.dumps(mailbox.list(query.get("to"))).encode(), "application/json")
            elif path.startswith("/messages/") and (content := mailbox.read(path.removeprefix("/messages/"))) is not None:
                self.answer(200, content, "message/rfc822")
            else:
                self.answer(404, b'{"error":"not found"}', "application/json")

        def do_DELETE(self):
            path, query = self.target()
            if path == "/messages":
                self.answer(200, json.dumps({"deleted": mailbox.clear(query.get("to"))}).encode(), "application/json")
            else:
                self.answer(404, b'{"error":"not found"}', "application/json")

        def target(self):
            url = urlsplit(self.path)
            return url.path, {name: values[0] for name, values in parse_qs(url.query).items()}

        def answer(self, status, body, kind):
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    return Handler


async def serve(arguments):
    mailbox = Mailbox(arguments.folder, arguments.limit)
    catcher = Catcher(mailbox)
    loop = asyncio.get_running_loop()
    smtp = await loop.create_server(
        lambda: SMTP(catcher, enable_SMTPUTF8=True, data_size_limit=32 << 20, hostname="mail.hearth.example", loop=loop),
        arguments.host,
        arguments.smtp_port,
    )
    http = ThreadingHTTPServer((arguments.host, arguments.http_port), handler_for(mailbox))
    http.daemon_threads = True
    threading.Thread(target=http.serve_forever, daemon=True).start()
    ended = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, ended.set)
    print(f"SMTP on {arguments.host}:{arguments.smtp_port}, HTTP on {arguments.host}:{arguments.http_port}, mails in {arguments.folder}")
    await ended.wait()
    smtp.close()
    http.shutdown()
    os._exit(0)  # A connection in its ten slow seconds is not waited for.


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--smtp-port", type=int, required=True)
    parser.add_argument("--http-port", type=int, required=True)
    parser.add_argument("--folder", required=True)
    parser.add_argument("--limit", type=int, default=20_000)
    asyncio.run(serve(parser.parse_args()))
