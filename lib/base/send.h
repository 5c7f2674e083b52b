/* Bytes into a socket. */
#ifndef MVTI_BASE_SEND_H
#define MVTI_BASE_SEND_H

#include <stdbool.h>
#include <stddef.h>

/* All n, by as many calls of send(2) as that takes. False: the other side is gone, or took nothing for as long as the socket's SO_SNDTIMEO
 * allows; how much it has is unknown. Raises no SIGPIPE. */
bool send_all(int fd, const void *bytes, size_t n);

#endif
