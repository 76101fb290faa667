"""Keystone at 5000 and placement at 8778, in threads of one process: both are plain WSGI applications."""

import os
from socketserver import ThreadingMixIn
from threading import Thread
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

os.environ["OS_KEYSTONE_CONFIG_FILES"] = "/run/openstack/keystone.conf"
os.environ["OS_PLACEMENT_CONFIG_DIR"] = "/run/openstack"

from keystone.server.wsgi import initialize_public_application
from placement.wsgi import init_application


class Server(ThreadingMixIn, WSGIServer):
    """One thread for each request."""

    daemon_threads = True


class Quiet(WSGIRequestHandler):
    """Leaves the log to the applications, and asks no name server who called."""

    def address_string(self):
        return self.client_address[0]

    def log_request(self, code="-", size="-"):
        pass


def serve(port, application):
    make_server("0.0.0.0", port, application, Server, Quiet).serve_forever()


if __name__ == "__main__":
    Thread(target=serve, args=(8778, init_application()), daemon=True).start()
    serve(5000, initialize_public_application())
