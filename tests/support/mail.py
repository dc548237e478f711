# SPDX-License-Identifier: MulanPSL-2.0
"""A mail server on the loopback that takes what it is given, or does not."""

import email
import email.policy
import socketserver
import threading


class Session(socketserver.StreamRequestHandler):
    timeout = 60

    def say(self, line):
        self.wfile.write(line.encode() + b"\r\n")

    def mail(self):
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b".") else line)
        return b"".join(lines)

    def handle(self):
        server, to = self.server, None
        self.say("220 loopback")
        while line := self.rfile.readline():
            verb = line[:4].upper()
            if verb == b"RCPT":
                to = line.decode().split("<")[1].split(">")[0]
                self.say("550 no such mailbox" if to in server.unknown else "250 ok")
            elif verb == b"DATA":
                self.say("354 go on")
                server.taken.append((to, self.mail()))
                server.reached.set()
                if not server.answering.wait(60):
                    return
                self.say("250 taken")
            elif verb == b"QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 loopback")


class MailServer(socketserver.ThreadingTCPServer):
    """`taken` holds (recipient, bytes); those of `unknown` are refused; while `answering` is not set nobody hears that a mail was
    taken, and `reached` tells that one was sent."""

    allow_reuse_address = daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Session)
        self.taken, self.unknown = [], set()
        self.answering, self.reached = threading.Event(), threading.Event()
        self.answering.set()
        self.url = f"smtp://127.0.0.1:{self.server_address[1]}"
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    def close(self):
        self.answering.set()
        self.shutdown()
        self.server_close()


def read(mail):
    return email.message_from_bytes(mail, policy=email.policy.default)
