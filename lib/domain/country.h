/* Producing countries as catalogs write them, brought to ISO 3166-1 alpha-2. */
#ifndef MVTI_DOMAIN_COUNTRY_H
#define MVTI_DOMAIN_COUNTRY_H

/* Code of the first country in a list separated by commas or bars: every code, and names such as "미국,영국"
 * and "United States". "" if it is unknown. Static storage. */
const char *country_code(const char *text);

#endif
