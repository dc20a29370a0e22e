"""Connections that are kept: as many as wanted, and a request on one."""
import resource
import sys

REQUEST = b"GET /hello HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
SPARE_DESCRIPTORS = 200


def raise_limit(connections):
    """The limit of descriptors, for this process and the servers, which inherit it."""
    descriptors = connections + SPARE_DESCRIPTORS
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < descriptors:
        sys.exit(f"needs {descriptors} descriptors; the hard limit is {hard}")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, descriptors), hard))


def request_on(peer):
    """One request, its whole answer read: a head, and as many bytes as it says."""
    peer.sendall(REQUEST)
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += peer.recv(4096) or sys.exit("the server closed a connection")
    head, body = answer.split(b"\r\n\r\n", 1)
    length = int(head.lower().split(b"content-length:")[1].split()[0])
    while len(body) < length:
        body += peer.recv(4096) or sys.exit("the server closed a connection")
