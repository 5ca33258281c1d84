"""Who sent a request, when it came through reverse proxies.

``X-Forwarded-For`` is whatever the sender of a request wrote there, and each proxy adds, at the end, the address that
it was called from. So it is read from the end, and only as far as addresses belong to proxies of ours.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, Sequence
from functools import lru_cache

from flask import request

from kashaf.web.serving import settings

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
HOPS = 16  # proxies behind each other at most


def current_client() -> str:
    """The address of the client of the current request."""
    return client_address(request.environ, settings().proxies)


@lru_cache(maxsize=64)
def networks(proxies: tuple[str, ...]) -> tuple[Network, ...]:
    """Addresses and networks as the settings write them."""
    return tuple(ipaddress.ip_network(one) for one in proxies)


def client_address(environ: Mapping[str, object], proxies: tuple[str, ...]) -> str:
    """The address of the client; "" when it came through a socket without one.

    Args:
        environ: of the WSGI request.
        proxies: addresses and networks that are believed.
    """
    peer = str(environ.get("REMOTE_ADDR") or "")
    if not proxies or not (forwarded := environ.get("HTTP_X_FORWARDED_FOR")):
        return peer
    believed = networks(proxies)
    client = _address(peer)
    for hop in reversed(str(forwarded).rsplit(",", HOPS)[-HOPS:]):
        if client is None or not _is_in(client, believed):
            break
        if (earlier := _address(hop.strip())) is None:
            break
        client = earlier
    return str(client) if client is not None else peer


def _address(text: str) -> Address | None:
    """An address, also one with a port: ``192.0.2.1:80``, ``[2001:db8::1]:80``."""
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return None
    mapped = getattr(found, "ipv4_mapped", None)  # ::ffff:192.0.2.1 is 192.0.2.1
    return mapped or found


def _is_in(address: Address, believed: Sequence[Network]) -> bool:
    return any(address.version == one.version and address in one for one in believed)
