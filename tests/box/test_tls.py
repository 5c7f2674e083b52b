#!/usr/bin/env python3
"""The site with TLS as nginx/tls.conf.example has it, with a certificate of an authority made here in place of Let's Encrypt's."""
from box import Box, eventually, main

NAME = "films.example.net"
LIVE = f"/etc/letsencrypt/live/{NAME}"
AUTHORITY = f"""set -e
mkdir -p /root/ca {LIVE}
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 9 -subj /CN=authority -keyout /root/ca/key -out /root/ca/pem 2>/dev/null
cp /root/ca/pem /usr/local/share/ca-certificates/authority.crt
update-ca-certificates >/dev/null 2>&1
echo 127.0.0.1 {NAME} >>/etc/hosts"""
# As certbot does: another file under the same name, and then the hook.
CERTIFICATE = f"""set -e
cd {LIVE}
openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN={NAME} -keyout privkey.new -out /root/ca/csr 2>/dev/null
openssl x509 -req -in /root/ca/csr -CA /root/ca/pem -CAkey /root/ca/key -CAcreateserial -days DAYS -extfile <(echo subjectAltName=DNS:{NAME}) -out fullchain.new 2>/dev/null
mv privkey.new privkey.pem
mv fullchain.new fullchain.pem"""
# The three lines of the example's head, from the second on.
SWITCH = f"sed 's/films.example.org/{NAME}/g' /usr/share/mvti/nginx/tls.conf.example >/etc/nginx/sites-available/mvti.conf && nginx -t && systemctl reload nginx"


def ask(box, url, *options):
    """Status, version of HTTP and headers."""
    said = box.run("curl", "-sS", "-m", "20", "-o", "/dev/null", "-D", "-", *options, url).stdout.splitlines()
    version, status = said[0].split()[:2]
    return int(status), version, {name.lower(): value.strip() for name, value in (line.split(":", 1) for line in said[1:] if ":" in line)}


def refused(box, *options):
    return box.run("curl", "-sS", "-m", "20", "-o", "/dev/null", *options, check=False)


def serial(box):
    return box.sh(f"openssl s_client -connect 127.0.0.1:443 -servername {NAME} </dev/null 2>/dev/null | openssl x509 -noout -serial")


def wrong(box):
    return box.run("mvti", "doctor", check=False).stdout


def check_http(box):
    """Leads to https, to the same address; an authority's question is answered without."""
    status, _, headers = ask(box, f"http://{NAME}/t/INFP?lang=ko")
    assert (status, headers["location"]) == (301, f"https://{NAME}/t/INFP?lang=ko") and "strict-transport-security" not in headers, headers
    box.sh("mkdir -p /var/lib/mvti-acme/.well-known/acme-challenge; echo answer >/var/lib/mvti-acme/.well-known/acme-challenge/token; chmod -R a+rX /var/lib/mvti-acme")
    assert box.sh(f"curl -s http://{NAME}/.well-known/acme-challenge/token") == "answer"


def check_https(box):
    for path in "/", "/about", "/api/v1/types", "/readyz", "/no-such-page":
        status, version, headers = ask(box, f"https://{NAME}{path}")
        assert status == (404 if path == "/no-such-page" else 200) and version == "HTTP/2", (path, status, version)
        assert headers["strict-transport-security"] == "max-age=63072000; includeSubDomains", (path, headers)
    assert ask(box, f"https://{NAME}/", "--http1.1")[:2] == (200, "HTTP/1.1")
    for old in "1.0", "1.1":
        assert refused(box, "--tlsv" + old, "--tls-max", old, f"https://{NAME}/").returncode in (4, 35), "older than TLS 1.2"
    assert refused(box, "--insecure", "-H", "Host: elsewhere.example.net", "-w", "%{http_code}", "https://127.0.0.1/").stdout == "421"
    _, _, headers = ask(box, f"https://{NAME}/api/v1/tests", "-H", "Content-Type: application/json", "-H", "Sec-Fetch-Site: same-origin", "-d", "{}")
    assert "strict-transport-security" in headers


def test_the_example_with_a_certificate():
    with Box() as box:
        box.sh(AUTHORITY)
        box.sh(CERTIFICATE.replace("DAYS", "60"))
        assert "test is successful" in box.run("bash", "-c", SWITCH).stderr
        box.sh(f"sed -i 's#^public_url.*#public_url = https://{NAME}#; s#^secure_cookies.*#secure_cookies = 1#' /etc/mvti/mvti.conf; /usr/libexec/mvti/restart-workers")
        eventually(lambda: refused(box, f"https://{NAME}/readyz").returncode == 0, what="https answers")
        check_http(box)
        check_https(box)
        assert f"that of {NAME} is good for 59 days" in wrong(box), wrong(box)
        first = serial(box)
        box.sh(CERTIFICATE.replace("DAYS", "5"))
        assert serial(box) == first
        box.run("systemctl", "reload", "nginx")
        eventually(lambda: serial(box) != first, what="the hook makes nginx read the new certificate")
        eventually(lambda: "certbot renew" in wrong(box), what="doctor says that it ends soon")


main(globals())
