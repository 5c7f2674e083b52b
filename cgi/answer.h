/* The headers of an answer that is none of an error, and answers that go in pieces. */
#ifndef MVTI_CGI_ANSWER_H
#define MVTI_CGI_ANSWER_H

#include "exchange.h"

/* Content-Type and caching as the route says, the session's cookie and its token; p->route is there. */
void answer_headers(struct exchange *p);

/* For an answer that goes in pieces: the headers are complete, and what fails from here on cannot become a
 * problem document. Then answer_piece now and then, which sends what has been written if it is worth it;
 * ERR_PEER_GONE when nobody reads any more. */
enum err answer_begin(struct exchange *p);
enum err answer_piece(struct exchange *p);

#endif
