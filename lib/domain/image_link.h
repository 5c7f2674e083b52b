/* Where the portrait of a character may come from. Pages show images of this site only: one of another host
 * would tell that host who looks at what. */
#ifndef MVTI_DOMAIN_IMAGE_LINK_H
#define MVTI_DOMAIN_IMAGE_LINK_H

enum image_link {
    IMAGE_NONE,      /* "" */
    IMAGE_OWN,       /* "/images/1.webp": a path of this site, shown */
    IMAGE_ELSEWHERE, /* https on another host: an address, not shown */
    IMAGE_WRONG      /* javascript:, data:, http:, //host, /\host, a file's name, something invisible in it */
};

enum image_link image_link_judge(const char *url);

#endif
