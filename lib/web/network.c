#include "web/network.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

/* An IPv4 address in IPv6 clothes (::ffff:0:0/96, RFC 4291, 2.5.5.2) is itself, or it would be two networks; of
 * others the first 64 bits, for the rest is the subscriber's to choose. */
void network_of(const char *address, char out[NETWORK_CHARS])
{
    struct in6_addr six;
    struct in_addr four;
    if (inet_pton(AF_INET6, address, &six) != 1) {
        snprintf(out, NETWORK_CHARS, "%s", address);
        return;
    }
    if (IN6_IS_ADDR_V4MAPPED(&six)) {
        memcpy(&four, six.s6_addr + 12, sizeof four);
        inet_ntop(AF_INET, &four, out, NETWORK_CHARS);
        return;
    }
    memset(six.s6_addr + 8, 0, 8);
    inet_ntop(AF_INET6, &six, out, NETWORK_CHARS);
}

bool network_is_address(const char *text)
{
    struct in6_addr six;
    struct in_addr four;
    return inet_pton(AF_INET6, text, &six) == 1 || inet_pton(AF_INET, text, &four) == 1;
}

void network_block(const char *network, char out[NETWORK_CHARS])
{
    struct in6_addr six;
    struct in_addr four;
    snprintf(out, NETWORK_CHARS, "%s", network);
    if (inet_pton(AF_INET6, network, &six) == 1) {
        memset(six.s6_addr + 6, 0, 10);
        inet_ntop(AF_INET6, &six, out, NETWORK_CHARS);
    } else if (inet_pton(AF_INET, network, &four) == 1) {
        memset((unsigned char *)&four.s_addr + 3, 0, 1);
        inet_ntop(AF_INET, &four, out, NETWORK_CHARS);
    }
}
