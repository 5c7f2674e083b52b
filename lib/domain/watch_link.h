/* Where a page may send people to watch a film. */
#ifndef MVTI_DOMAIN_WATCH_LINK_H
#define MVTI_DOMAIN_WATCH_LINK_H

/* NULL for an address that may stand on a page under this platform's name; else why not, in a few words.
 *
 * Good: http or https (RFC 3986), a host of ASCII letters, digits, "-" and "." (an international one in its
 * xn-- form), no address of a network, perhaps a port; no user name, since people read
 * "netflix.com@evil.example" as Netflix; no backslash, blank, control or invisible character anywhere, since
 * readers differ in what they make of these. A platform whose domains are known (Netflix, 왓챠, …) is linked
 * there, or through a service that is known to redirect; any other goes to any host. */
const char *watch_link_wrong(const char *platform, const char *url);

#endif
