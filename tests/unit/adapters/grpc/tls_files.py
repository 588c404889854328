"""A key and certificate of localhost (until 2119, self-signed), for tests only: nobody trusts them."""

from pathlib import Path

KEY = """\
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQglirJaLcZvZCVSP7D
jk0hE4K1+ZoNflmghAWlm5yLd4OhRANCAAS7alTags4VBezoWjWv0HsZUpu2+j25
2iQ6A8s9g875m4Lld92IAlqgMOt+CzGIl2OaDE6Lee72wPzy3o+k2Zic
-----END PRIVATE KEY-----
"""
CERTIFICATE = """\
-----BEGIN CERTIFICATE-----
MIIBaDCCAQ2gAwIBAgIBATAKBggqhkjOPQQDAjAUMRIwEAYDVQQDDAlsb2NhbGhv
c3QwIBcNMjAwMTAxMDAwMDAwWhgPMjExOTEyMzEwMDAwMDBaMBQxEjAQBgNVBAMM
CWxvY2FsaG9zdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABLtqVNqCzhUF7Oha
Na/QexlSm7b6PbnaJDoDyz2DzvmbguV33YgCWqAw634LMYiXY5oMTot57vbA/PLe
j6TZmJyjTjBMMA8GA1UdEwEB/wQFMAMBAf8wGgYDVR0RBBMwEYIJbG9jYWxob3N0
hwR/AAABMB0GA1UdDgQWBBS8sn/BoGdTIGKOWayyPdIonolnGTAKBggqhkjOPQQD
AgNJADBGAiEA/6ysueUGc7EVK8SKC/CKZzxZRdxCAeJ18apaT8NBzasCIQCjfBJJ
LTg09YvLma758s7Wc5dgTpsATipaQHZW3XC3EA==
-----END CERTIFICATE-----
"""


def written(folder: Path) -> tuple[str, str]:
    """Write certificate and key into ``folder`` and return where."""
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    certificate.write_text(CERTIFICATE)
    key.write_text(KEY)
    return str(certificate), str(key)
