"""Images of other machines."""

import ctypes
import http.server
import subprocess
import threading
import time

from serve.server import ROOT, Server, body, error_of


class Redirecting(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path.startswith("/to/"):
            self.send_response(302)
            self.send_header("Location", self.path[4:])
            self.end_headers()
        elif self.path == "/slow":
            time.sleep(3)
        else:
            content = b"x" * int(self.path[1:])
            self.send_response(200)
            self.end_headers()
            self.wfile.write(content)

    def log_message(self, *_):
        pass


def test_remote_images_of_this_machine_are_refused():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Redirecting) as other:
        threading.Thread(target=other.serve_forever, daemon=True).start()
        with Server("--allow-remote-images") as server:
            port = other.server_port
            for host in ["127.0.0.1", "localhost", "127.1", "2130706433", "[::1]", "0", "0x7f.1"]:
                status, _, content = server.ask(body(image=f"http://{host}:{port}/10"))
                assert status == 400, host
                assert "not on the public internet" in error_of(content)["message"], host
            for address in ["http:///", "https://", "http://[", "http://a b/"]:
                assert server.ask(body(image=address))[0] == 400
        other.shutdown()


def test_fetch(tmp_path):
    """The fetching itself, where the rules allow 127.0.0.1 alone."""
    library = tmp_path / "fetch.so"
    sources = ROOT / "Sources/CFetch"
    subprocess.run(
        ["cc", "-DSERVE", "-shared", "-fPIC", "-Wall", "-Werror", "-I", sources / "include", "-o",
         library, sources / "fetch.c", "-lcurl"], check=True)

    class Result(ctypes.Structure):
        _fields_ = [
            ("bytes", ctypes.POINTER(ctypes.c_uint8)), ("count", ctypes.c_size_t),
            ("status", ctypes.c_long)]

    allows = ctypes.CFUNCTYPE(ctypes.c_bool, ctypes.POINTER(ctypes.c_uint8), ctypes.c_size_t)
    code = ctypes.CDLL(str(library))
    code.fetch.argtypes = [
        ctypes.c_char_p, ctypes.c_size_t, ctypes.c_long, allows, ctypes.POINTER(Result)]

    def fetch(address, limit=1000):
        result = Result()
        outcome = code.fetch(
            address.encode(), limit, 1, allows(lambda a, n: bytes(a[:n]) == b"\x7f\0\0\x01"),
            ctypes.byref(result))
        count = result.count
        code.fetch_free(ctypes.byref(result))
        return outcome, count

    fetched, bad, refused, large, wrong, failed = range(6)
    with http.server.ThreadingHTTPServer(("0.0.0.0", 0), Redirecting) as other:
        threading.Thread(target=other.serve_forever, daemon=True).start()
        root = f"http://127.0.0.1:{other.server_port}"
        assert fetch(root + "/1000") == (fetched, 1000)
        assert fetch(root + "/1001")[0] == large
        assert fetch(root + "/to//10") == (fetched, 10)
        assert fetch(root + f"/to/http://127.0.0.2:{other.server_port}/10")[0] == refused
        assert fetch(root + "/to/file:///etc/passwd")[0] != fetched
        assert fetch(root + "/to/" * 5 + "/10")[0] != fetched
        assert fetch(root + "/x")[0] != fetched
        assert fetch(root + "/slow")[0] == failed
        assert fetch(f"http://127.0.0.2:{other.server_port}/10")[0] == refused
        for address in ["file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1/"]:
            assert fetch(address)[0] == bad
        other.shutdown()
