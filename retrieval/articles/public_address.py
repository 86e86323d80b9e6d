"""Which addresses are on the open internet. Pure."""

from __future__ import annotations

import ipaddress

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")
_DOCUMENTATION = ipaddress.ip_network("3fff::/20")  # RFC 9637; Python 3.11 does not know it.

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def is_public(address: Address) -> bool:
    """Whether it is a host's on the open internet, by the registries that RFC 6890 set up.

    An IPv6 address that carries an IPv4 one (mapped, NAT64, 6to4) is public if that one is;
    Teredo's are not.
    """
    if isinstance(address, ipaddress.IPv4Address):
        return address.is_global and not address.is_multicast and not address.is_reserved
    if address.ipv4_mapped is not None:
        return is_public(address.ipv4_mapped)
    if address in _NAT64:
        return is_public(ipaddress.IPv4Address(address.packed[-4:]))
    if address.teredo is not None or address in _DOCUMENTATION:
        return False
    inner = address.sixtofour
    return address in _GLOBAL_UNICAST and address.is_global and (inner is None or is_public(inner))
