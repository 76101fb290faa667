from __future__ import annotations

from ipaddress import IPv4Address

from cryptography import x509

from lab import certificates
from lab.folder import Folder

ADDRESS = IPv4Address("10.77.0.2")


def test_the_certificate_is_for_the_address_and_signed_by_the_authority(folder: Folder) -> None:
    server = certificates.ensure(folder, ADDRESS).read_bytes()
    certificate = x509.load_pem_x509_certificates(server)[0]
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.IPAddress) == [ADDRESS]
    authority = x509.load_pem_x509_certificate(certificates.ca_file(folder).read_bytes())
    certificate.verify_directly_issued_by(authority)


def test_the_servers_key_is_private_and_the_authoritys_is_nowhere(folder: Folder) -> None:
    server = certificates.ensure(folder, ADDRESS)
    assert server.stat().st_mode & 0o777 == 0o600
    keys = [path for path in folder.root.rglob("*") if path.is_file() and b"PRIVATE KEY" in path.read_bytes()]
    assert keys == [server]


def test_it_is_made_once(folder: Folder) -> None:
    first = certificates.ensure(folder, ADDRESS).read_bytes()
    assert certificates.ensure(folder, ADDRESS).read_bytes() == first


def test_another_address_gets_another_one(folder: Folder) -> None:
    assert certificates.ensure(folder, ADDRESS) != certificates.ensure(folder, ADDRESS + 256)
