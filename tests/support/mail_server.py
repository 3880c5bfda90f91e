"""A mail server for tests: takes letters over and prints each as one line of JSON.

Ends when its standard input does, so that it never outlives the test that started it.
"""

import argparse
import asyncio
import json
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult


class Mailbox:
    """Answers letters as it was told, and takes the rest over."""

    def __init__(self, answers):
        self.answers = answers

    async def handle_DATA(self, server, session, envelope):
        answer = self.answers.pop(0) if self.answers else "250 taken over"
        letter = {
            "answer": answer,
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "content": envelope.content.decode("ascii"),
            "tls": session.ssl is not None,
            "authenticated": bool(session.authenticated),
        }
        print(json.dumps(letter), flush=True)
        return answer


def authenticator(expected):
    """Lets in who names user and password as expected, `user:password`."""

    def check(server, session, envelope, mechanism, data):
        given = f"{data.login.decode()}:{data.password.decode()}"
        return AuthResult(success=given == expected, handled=False)

    return check


def read_options():
    options = argparse.ArgumentParser()
    options.add_argument("--login")
    options.add_argument("--certificate")
    options.add_argument("--key")
    options.add_argument("--answer", action="append", default=[])
    return options.parse_args()


async def serve(options):
    settings = {}
    if options.login:
        settings["authenticator"] = authenticator(options.login)
        settings["auth_required"] = True
        settings["auth_require_tls"] = bool(options.certificate)
    if options.certificate:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(options.certificate, options.key)
        settings["tls_context"] = context
        settings["require_starttls"] = True
    mailbox = Mailbox(options.answer)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(mailbox, loop=loop, **settings), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


asyncio.run(serve(read_options()))
