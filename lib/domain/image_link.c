#include "domain/image_link.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

/* Browsers drop tabs and line ends inside an address and read a backslash as a slash. */
static bool has_odd_byte(const char *url)
{
    for (; *url != '\0'; url++)
        if ((unsigned char)*url <= ' ' || *url == 0x7f || *url == '\\')
            return true;
    return false;
}

enum image_link image_link_judge(const char *url)
{
    static const char https[] = "https://";
    size_t scheme = sizeof https - 1;
    if (url[0] == '\0')
        return IMAGE_NONE;
    if (has_odd_byte(url))
        return IMAGE_WRONG;
    if (url[0] == '/')
        return url[1] != '/' ? IMAGE_OWN : IMAGE_WRONG;
    bool host = strncasecmp(url, https, scheme) == 0 && strcspn(url + scheme, "/?#@") > 0;
    return host ? IMAGE_ELSEWHERE : IMAGE_WRONG;
}
