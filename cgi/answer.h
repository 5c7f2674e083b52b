/* The headers of a successful answer, and answers that are sent in pieces. */
#ifndef MVTI_CGI_ANSWER_H
#define MVTI_CGI_ANSWER_H

#include "exchange.h"

/* Sets Content-Type and caching from the route, the session's cookie and its token; p->route is not NULL. */
void answer_headers(struct exchange *p);

/* Starts an answer that is sent in pieces: headers are complete, and a later failure cannot become a
 * problem document. Then call answer_piece now and then, which sends what has been written once there is enough of it.
 * ERR_PEER_GONE: the client has closed the connection. */
enum err answer_begin(struct exchange *p);
enum err answer_piece(struct exchange *p);

#endif
